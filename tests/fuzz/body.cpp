// Chunked bodies: cut at the same place in one piece and byte by byte.
#include "beta/http/body.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace beta::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    constexpr BodyLimits limits{1 << 16, 64, 512};
    BodyScan whole({BodyKind::chunked, 0}, limits);
    BodyScan pieces({BodyKind::chunked, 0}, limits);
    const auto once = whole.feed(body);
    std::size_t at = 0;
    for (std::size_t end = 1; end <= size && !pieces.done(); ++end) {
        const auto step = pieces.feed(body.substr(at, end - at));
        at += step.bytes;
        if (step.state == BodyScan::State::failed)
            break;
    }
    if (once.state != BodyScan::State::failed && once.bytes != at)
        std::abort();
    return 0;
}
