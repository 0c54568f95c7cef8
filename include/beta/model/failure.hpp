// Failure: every way a request can end early. Each knows its side, its HTTP answer and whether a
// retry is safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace beta::model {

enum class Side : std::uint8_t { downstream, upstream, internal };

enum class Failure : std::uint8_t {
    none,
    // what the downstream sent
    malformed,            // 400
    path_not_canonical,   // 400
    header_timeout,       // 408
    body_timeout,         // 408
    body_too_large,       // 413
    target_too_long,      // 414
    head_too_large,       // 431
    expectation_failed,   // 417
    coding_unknown,       // 501
    version_unsupported,  // 505
    method_unsupported,   // 501 CONNECT at ingress
    loop,                 // 508
    downstream_closed,    // no answer possible; logged as 499
    // what the policy and the directory said
    denied,               // 403
    unknown_destination,  // 403: same answer as a denial, so that names cannot be probed
    misdirected,          // 421
    rate_limited,         // 429
    // what beta.internal said, the sidecar's own name for its app
    page_unknown,        // 404
    method_not_allowed,  // 405
    media_type_unknown,  // 415
    log_malformed,       // 400
    log_flood,           // 429
    // what the way there said (Tor's SOCKS reply, see tor::ConnectResult)
    tor_unreachable,       // 503 the SOCKS port itself: refused, garbage, closed
    descriptor_not_found,  // F0 503
    descriptor_invalid,    // F1 502
    introduction_failed,   // F2 503
    rendezvous_failed,     // F3 504
    client_auth_missing,   // F4 502
    client_auth_wrong,     // F5 502
    onion_address_bad,     // F6 502
    introduction_timeout,  // F7 504
    socks_general,         // 01 502
    socks_ruleset,         // 02 403
    socks_unreachable,     // 03, 04 503
    socks_refused,         // 05 502
    socks_ttl,             // 06 504
    connect_timeout,       // 504 our own limit
    pool_exhausted,        // 503
    // what TLS with the other sidecar said
    peer_untrusted,       // 502 its certificate is not good, or not of the service that was meant
    certificate_refused,  // 502 it did not take ours
    tls_failed,           // 502
    // what the upstream did
    app_unreachable,          // 502 the local app refused or is not there
    upstream_closed,          // 502 closed before an answer
    upstream_malformed,       // 502
    upstream_timeout,         // 504
    upstream_head_too_large,  // 502
    upstream_truncated,       // no answer possible: the head is out; the downstream is reset
    // how a tunnel can end but by its two sides; no answer possible either
    tunnel_idle,
    tunnel_expired,
    // us
    draining,         // 503
    audit_unwritten,  // 503
    internal,         // 500
    count_
};

struct FailureFacts {
    Side side;
    std::uint16_t status;           // HTTP status code we answer with
    bool retry_is_safe;             // whatever the method: nothing was sent, and it may go better
    std::string_view proxy_status;  // RFC 9209 §2.3 error type
    std::string_view name;          // snake_case: error.type in logs, label in metrics
    std::string_view sentence;      // for the local app and the log
};

/// The ONE mapping from failure to answer. Static table; any thread.
const FailureFacts& facts(Failure failure) noexcept;

}  // namespace beta::model
