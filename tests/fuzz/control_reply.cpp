// Any bytes from a control port, in any pieces: the same replies and the same fault as byte by
// byte.
#include "heard.hpp"

#include <cstdlib>

using beta::fuzz::hear;

/// The first byte of the input is the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto heard = hear(bytes, data[0] == 0 ? 1 : data[0]);
    if (heard != hear(bytes, 1))
        std::abort();
    for (const auto& reply : heard.replies) {
        if (std::ranges::any_of(reply.summary(), [](char c) { return c < ' ' || c > '~'; }))
            std::abort();
    }
    return 0;
}
