// WireBio: OpenSSL's view of a stream's socket: reads what is there, gathers what goes out.
#pragma once

#include "beta/net/layer.hpp"

#include "openssl.hpp"

#include <cstddef>
#include <string>

namespace beta::tls {

/// What OpenSSL writes in one call goes out with one send: it is gathered first, and what the
/// socket has no room for waits here. Only alive within calls of its layer, where `wire` is set.
struct WireState {
    net::Wire* wire = nullptr;
    std::string* gathered = nullptr;
    bool starved = false;  // the last read found nothing: more must come first
    bool at_end = false;   // the peer has sent its FIN
    bool refuses = false;  // no more is read: the peer floods us
};

/// A BIO on `state`, which outlives it.
Owned<BIO> make_wire_bio(WireState& state);

}  // namespace beta::tls
