// What an app says for the log: whatever is taken comes out as lines that read as objects again.
#include "beta/local/app_lines.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace beta::local;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr Stamp stamp{"2025-01-02T03:04:05.678Z", "pay", "wallet", "id"};
    constexpr LineLimits limits{.sent = 1 << 10, .written = 1 << 14};
    constexpr LineLimits wider{.sent = 1 << 14, .written = 1 << 16, .depth = limits.depth + 1};
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    for (const auto form : {Form::object, Form::objects, Form::text}) {
        const auto lines = read_app_lines(body, form, stamp, limits);
        if (!lines)
            continue;
        const auto again = read_app_lines(lines->text, Form::objects, stamp, wider);
        const auto moves_terminal = [](char c) { return (c < ' ' && c >= 0) || c == '\x7f'; };
        const auto count = std::ranges::count_if(lines->text, moves_terminal);
        if (!again || again->ends.size() != lines->ends.size() ||
            static_cast<std::size_t>(count) != lines->ends.size())
            std::abort();
    }
    return 0;
}
