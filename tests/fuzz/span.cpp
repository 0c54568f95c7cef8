// Any bytes as a value of a span stay within their string, and as a collector's answer are a count.
#include "beta/trace/span.hpp"

#include "beta/trace/answer.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace beta::trace;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const Ids ids;
    const Attribute attributes[] = {{.key = "a", .value = bytes}};
    const auto text = json({.ids = ids, .attributes = attributes});
    if (!std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }))
        std::abort();
    constexpr std::string_view before = R"("stringValue":")";
    auto at = text.find(before) + before.size();
    while (at < text.size() && text[at] != '"')
        at += text[at] == '\\' ? 2 : 1;
    if (at >= text.size() || text.substr(at) != R"("}}]})")
        std::abort();
    if (rejected_spans(bytes) != 0 && !bytes.contains("rejectedSpans"))
        std::abort();
    return retry_after(bytes) <= std::chrono::hours(1) ? 0 : (std::abort(), 0);
}
