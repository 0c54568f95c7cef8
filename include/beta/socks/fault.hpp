// Fault: every way a SOCKS5 connect can fail, with its metric label and the request failure it
// causes.
#pragma once

#include "beta/model/failure.hpp"

#include <cstdint>
#include <string_view>

namespace beta::socks {

enum class Fault : std::uint8_t {
    none,
    // what the reply said (RFC 1928 §6; F0..F7 are Tor's, socks-extensions.txt §4)
    general,                   // 01
    ruleset,                   // 02
    network_unreachable,       // 03
    host_unreachable,          // 04
    refused,                   // 05
    ttl_expired,               // 06
    command_unsupported,       // 07
    address_type_unsupported,  // 08
    descriptor_not_found,      // F0
    descriptor_invalid,        // F1
    introduction_failed,       // F2
    rendezvous_failed,         // F3
    client_auth_missing,       // F4
    client_auth_wrong,         // F5
    onion_address_bad,         // F6
    introduction_timeout,      // F7
    unknown_reply,             // any other code
    // what is wrong with the port itself
    method_refused,       // FF: it will not do user and password
    credentials_refused,  // RFC 1929 §2, a status other than 0
    malformed,            // not the bytes of a SOCKS5 server
    unexpected_bytes,     // more than was due: nothing may come before we have sent
    http_answer,          // an HTTP server or tunnel answers there
    closed_early,         // the stream ended before the reply did
    count_
};

struct FaultFacts {
    std::string_view label;  // of beta_sidecar_tor_connects_total{result}
    model::Failure failure;
    std::string_view sentence;  // for the log; names the remedy where there is one
};

/// The ONE mapping from a SOCKS failure to label and answer. Static table; any thread.
const FaultFacts& facts(Fault fault) noexcept;

/// The fault that a reply code means; none for 0.
Fault fault_of_reply(std::uint8_t code) noexcept;

}  // namespace beta::socks
