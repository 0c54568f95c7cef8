// Handshake: plays a port's bytes to a Connect, in pieces of any size, and keeps what came of it.
#pragma once

#include "beta/socks/connect.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beta::socks::testing {

using namespace std::string_literals;

const std::string greeting = "\x05\x01\x02"s;
const std::string credentials = "\x01\x04user\x06secret"s;
const std::string request = "\x05\x01\x00\x03\x0Dpayment.onion\x00\x50"s;
const std::string method_chosen = "\x05\x02"s;
const std::string credentials_accepted = "\x01\x00"s;
const std::string accepted_ipv4 = "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00"s;  // tor, TCP port
const std::string accepted_ipv6 = "\x05\x00\x00\x04"s + std::string(18, '\0');  // tor, unix socket
const std::string accepted_domain = "\x05\x00\x00\x03\x04host\x1F\x90"s;

inline Connect make_connect() {
    return Connect::make("payment.onion", 80, "user", "secret").value();
}

struct Outcome {
    Action::Kind kind = Action::Kind::need_more;
    Fault fault = Fault::none;
    std::string sent;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Feeds one message in pieces of at most `piece` bytes; stops at the first action that is not
/// "more".
inline Action feed(Connect& connect, std::string_view bytes, std::size_t piece) {
    Action action;
    while (!bytes.empty() && action.kind == Action::Kind::need_more) {
        const std::size_t size = std::min(piece, bytes.size());
        action = connect.receive(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return action;
}

/// One message of the port after each of ours, as a server does it.
inline Outcome play(const std::vector<std::string>& messages, std::size_t piece) {
    Connect connect = make_connect();
    Outcome outcome;
    Action action = connect.start();
    for (const std::string& message : messages) {
        if (action.kind != Action::Kind::send)
            break;
        outcome.sent += action.bytes;
        action = feed(connect, message, piece);
    }
    outcome.kind = action.kind;
    outcome.fault = action.fault;
    if (action.kind == Action::Kind::send)
        outcome.sent += action.bytes;
    return outcome;
}

}  // namespace beta::socks::testing
