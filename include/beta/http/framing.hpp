// Framing: where a message's body ends, decided once from its head (RFC 9112 §6).
#pragma once

#include "beta/http/head.hpp"
#include "beta/model/failure.hpp"

#include <cstdint>
#include <expected>

namespace beta::http {

enum class BodyKind : std::uint8_t { none, length, chunked, until_close };

struct Framing {
    BodyKind kind = BodyKind::none;
    std::uint64_t length = 0;  // for BodyKind::length
};

/// Refuses rather than repairs: Content-Length beside Transfer-Encoding, two of either, any coding
/// but one final `chunked`, any sign or blank in a length. `body_limit` is
/// config::Limits::body_bytes.
std::expected<Framing, model::Failure> request_framing(const RequestHead& head,
                                                       std::uint64_t body_limit);

/// `to_head`: the request was HEAD. A response that contradicts itself is upstream_malformed.
std::expected<Framing, model::Failure> response_framing(const ResponseHead& head, bool to_head,
                                                        std::uint64_t body_limit);

/// RFC 9112 §9.3: persistent unless HTTP/1.0 or `Connection: close`. (HTTP/1.0 keep-alive is not
/// offered.)
bool wants_close(const std::vector<Field>& fields, bool http10) noexcept;

}  // namespace beta::http
