// Response heads: nothing crashes, and an accepted one is written back as a head that parses to the
// same status.
#include "beta/http/forward.hpp"
#include "beta/http/framing.hpp"
#include "beta/http/head.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

using namespace beta::http;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr HeadLimits limits{4096, 1024, 32};
    HeadScan scan;
    ResponseHead head;
    if (scan.feed(text, limits) != HeadScan::State::complete ||
        parse(text.substr(0, scan.size()), limits, head) != beta::model::Failure::none)
        return 0;
    static_cast<void>(response_framing(head, false, 1 << 16));
    std::string out;
    write_response(out, head, {.close = true});
    ResponseHead again;
    constexpr HeadLimits roomy{8192, 2048, 40};
    if (parse(out, roomy, again) != beta::model::Failure::none || again.status != head.status)
        std::abort();
    return 0;
}
