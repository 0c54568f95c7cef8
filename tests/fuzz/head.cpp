// Request heads: nothing crashes, every span lies in the input, what is accepted can be forwarded.
#include "beta/http/forward.hpp"
#include "beta/http/framing.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace beta::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr HeadLimits limits{4096, 1024, 32};
    HeadScan scan;
    RequestHead head;
    if (scan.feed(text, limits) != HeadScan::State::complete ||
        parse(text.substr(0, scan.size()), limits, head) != beta::model::Failure::none)
        return 0;
    for (const auto& field : head.fields) {
        if (field.line.data() < text.data() || !field.line.ends_with("\r\n"))
            std::abort();
    }
    std::string out;
    if (const auto target = split_target(head); target && request_framing(head, 1 << 16))
        write_request(out, head, *target, {});
    return 0;
}
