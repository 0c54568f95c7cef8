// Switch: whether a request asks for its connection to become something else, and whether the 101
// that answers it is the right one (RFC 9110 §7.8, §9.3.6, RFC 6455 §4).
#pragma once

#include "beta/http/framing.hpp"
#include "beta/http/head.hpp"
#include "beta/model/failure.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace beta::http {

/// What a connection may become. Nothing else is offered: h2c and the rest are hop-by-hop and go.
enum class Switch : std::uint8_t { none, connect, websocket };

/// CONNECT, or `Upgrade: websocket` named in Connection by a GET with the one version and a
/// well-formed key. Either with a body, and a websocket that is not well-formed, are malformed.
std::expected<Switch, model::Failure> requested_switch(const RequestHead& head,
                                                       const Framing& framing);

/// The one right Sec-WebSocket-Accept for the key of a request that asks for a websocket (RFC 6455
/// §4.2.2): 28 characters.
std::string websocket_accept(const RequestHead& head);

/// Whether a 101 switches to a websocket, answers this very key and says nothing else.
bool is_websocket_answer(const ResponseHead& head, std::string_view accept);

}  // namespace beta::http
