// RequestHead and ResponseHead: a message head as spans over the buffer it was read into (RFC 9112
// §2, §3, §4, §5).
#pragma once

#include "beta/model/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string_view>
#include <vector>

namespace beta::http {

/// The fields that a proxy must know. Everything else is `other` and travels untouched.
enum class FieldId : std::uint8_t {
    other,
    host,
    connection,
    keep_alive,
    proxy_connection,
    proxy_auth,  // Proxy-Authenticate, -Authorization, -Authentication-Info: for a hop, and never
                 // ours
    te,
    trailer,
    transfer_encoding,
    content_length,
    upgrade,
    expect,
    max_forwards,
    via,
    user_agent,
    request_id,  // X-Request-Id
    traceparent,
    tracestate,
    forwarded,     // Forwarded, X-Forwarded-*, X-Real-IP: claims about earlier hops
    beta,          // X-Beta-*: only a sidecar says these
    proxy_status,  // Proxy-Status
};

/// `line` is the raw field line including its CRLF; name and value lie inside it.
struct Field {
    FieldId id = FieldId::other;
    std::string_view name;
    std::string_view value;  // blanks at both ends removed
    std::string_view line;
};

/// Bounds of one head, from config::Limits.
struct HeadLimits {
    std::size_t bytes;
    std::size_t target_bytes;
    std::size_t field_count;
};

/// Views point into the buffer that was parsed: valid until that buffer moves or is consumed.
/// Reused from message to message by one session, so that parsing allocates nothing once warm.
struct RequestHead {
    std::string_view method;
    std::string_view target;  // as received: origin, absolute or (CONNECT) authority form
    bool http10 = false;
    std::vector<Field> fields;
    std::size_t size = 0;  // bytes of the whole head with its empty line

    const Field* find(FieldId id) const noexcept;
    /// The first of this name, for those without an id; null when there is none.
    const Field* find(std::string_view name) const noexcept;
    std::size_t count(FieldId id) const noexcept;
};

struct ResponseHead {
    std::uint16_t status = 0;
    std::string_view reason;
    bool http10 = false;
    std::vector<Field> fields;
    std::size_t size = 0;

    const Field* find(FieldId id) const noexcept;
    /// The first of this name, for those without an id; null when there is none.
    const Field* find(std::string_view name) const noexcept;
    std::size_t count(FieldId id) const noexcept;
    bool interim() const noexcept { return status / 100 == 1; }
};

/// Finds the end of a head in a growing buffer without looking at a byte twice. A bare LF is
/// refused as soon as it is seen (RFC 9112 §2.2), so that a malformed head does not wait for its
/// time limit.
class HeadScan {
  public:
    enum class State : std::uint8_t { need_more, complete, malformed, too_large, target_too_long };

    State feed(std::string_view buffer, const HeadLimits& limits) noexcept;
    std::size_t size() const noexcept { return position_; }  // of the head, once complete
    void reset() noexcept { *this = {}; }

  private:
    std::size_t position_ = 0;  // everything before it was seen
    std::size_t line_ = 0;      // start of the line under way
    std::size_t lines_ = 0;
};

/// Parses one complete head (`text` ends with its empty line). The grammar is Beast's basic_parser
/// plus what RFC 9112 leaves to the strict: no obs-fold, no blank before the colon, no empty or
/// look-alike field name.
model::Failure parse(std::string_view text, const HeadLimits& limits, RequestHead& head);
model::Failure parse(std::string_view text, const HeadLimits& limits, ResponseHead& head);

}  // namespace beta::http
