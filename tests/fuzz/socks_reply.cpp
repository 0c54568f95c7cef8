// Any bytes from a SOCKS port, in any pieces: one action each, and the same end as byte by byte.
#include "beta/socks/connect.hpp"

#include <cstdlib>

using beta::socks::Action;
using beta::socks::Connect;

/// The first byte of the input is the size of the pieces; what one piece holds beyond its message
/// fails.
static Action::Kind play(std::string_view bytes, std::size_t piece) {
    Connect connect = Connect::make("payment.onion", 80, "user", "secret").value();
    Action action = connect.start();
    while (!bytes.empty() && action.kind != Action::Kind::failed) {
        action = connect.receive(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    return action.kind;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    const Action::Kind in_pieces = play(bytes, data[0] == 0 ? 1 : data[0]);
    if (in_pieces == Action::Kind::connected && play(bytes, 1) != Action::Kind::connected)
        std::abort();
    return 0;
}
