#include "beta/model/failure.hpp"

#include <array>
#include <cstddef>

namespace beta::model {
namespace {

constexpr bool again = true;    // may be tried again: nothing was sent, and it may go better
constexpr bool final_ = false;  // may not, or would not help

constexpr std::string_view request_error = "http_request_error";
constexpr std::string_view request_denied = "http_request_denied";
constexpr std::string_view own_answer = "proxy_internal_response";
constexpr std::string_view not_found = "destination_not_found";
constexpr std::string_view unavailable = "destination_unavailable";
constexpr std::string_view timed_out = "connection_timeout";
constexpr std::string_view refused = "connection_refused";
constexpr std::string_view misconfigured = "proxy_configuration_error";

using enum Side;

// In the order of Failure; failure_test.cpp checks each row against its name. Proxy-Status types
// are RFC 9209 §2.3; http_request_error is for 4xx only, so our own 5xx without an attempt at the
// next hop are proxy_internal_response.
constexpr std::array<FailureFacts, static_cast<std::size_t>(Failure::count_)> table{{
    {internal, 200, final_, "", "none", "nothing failed"},
    {downstream, 400, final_, request_error, "malformed",
     "the request is not well-formed HTTP/1.1"},
    {downstream, 400, final_, request_error, "path_not_canonical",
     "the path is not in its one canonical form: no dot segment, no empty segment, no encoded "
     "slash, backslash, dot or NUL, no ';' and no '#'"},
    {downstream, 408, final_, request_error, "header_timeout",
     "the request head did not arrive in time (limits.header_time)"},
    {downstream, 408, final_, request_error, "body_timeout",
     "the request body stopped arriving, or all but (limits.body_idle_time, limits.minimum_rate)"},
    {downstream, 413, final_, request_error, "body_too_large",
     "the request body is larger than limits.body_bytes"},
    {downstream, 414, final_, request_error, "target_too_long",
     "the request target is longer than limits.target_bytes"},
    {downstream, 431, final_, request_error, "head_too_large",
     "the request head is larger than limits.head_bytes or has more fields than "
     "limits.header_count"},
    {downstream, 417, final_, request_error, "expectation_failed",
     "the only expectation understood is 100-continue, once, of a request with a body"},
    {downstream, 501, final_, own_answer, "coding_unknown",
     "the only transfer coding understood is chunked"},
    {downstream, 505, final_, own_answer, "version_unsupported",
     "the only versions understood are HTTP/1.1 and HTTP/1.0"},
    {downstream, 501, final_, own_answer, "method_unsupported",
     "CONNECT is for the local application, towards hosts outside"},
    {downstream, 508, final_, "proxy_loop_detected", "loop",
     "the request has passed this sidecar before"},
    {downstream, 499, final_, "connection_terminated", "downstream_closed",
     "the client closed its connection before the answer was complete"},
    {internal, 403, final_, request_denied, "denied", "the access policy denies this request"},
    {internal, 403, final_, request_denied, "unknown_destination",
     "the service directory has no destination of this name"},
    {internal, 421, final_, request_error, "misdirected",
     "the Host is not the service that stands behind this listener"},
    {internal, 429, final_, request_denied, "rate_limited",
     "the access policy allows this request, but not so many of them"},
    {internal, 404, final_, request_error, "page_unknown",
     "beta.internal has /v1/logs, /v1/whoami and /v1/services, and nothing else"},
    {internal, 405, final_, request_error, "method_not_allowed",
     "beta.internal takes another method for this path (Allow)"},
    {internal, 415, final_, request_error, "media_type_unknown",
     "log lines come as application/json (one object), application/x-ndjson (an object a line) or "
     "text/plain (a message a line), not compressed"},
    {internal, 400, final_, request_error, "log_malformed",
     "a line of the log is no JSON object in UTF-8, or too long (limits.app_log_line_bytes)"},
    {internal, 429, final_, request_denied, "log_flood",
     "more lines of the app's log than limits.app_log_rate, or than the reader of the log takes"},
    {upstream, 503, again, unavailable, "tor_unreachable",
     "tor's SOCKS port does not answer (tor.socks)"},
    {upstream, 503, again, not_found, "descriptor_not_found",
     "the onion service has published no descriptor: it is down or has just started"},
    {upstream, 502, again, unavailable, "descriptor_invalid",
     "the onion service's descriptor is invalid"},
    {upstream, 503, again, unavailable, "introduction_failed",
     "introduction to the onion service failed: it may be down"},
    {upstream, 504, again, timed_out, "rendezvous_failed",
     "rendezvous with the onion service failed"},
    {upstream, 502, final_, misconfigured, "client_auth_missing",
     "the onion service wants client authorisation and tor holds no key for it"},
    {upstream, 502, final_, misconfigured, "client_auth_wrong",
     "the onion service refuses the client authorisation key that tor holds"},
    {upstream, 502, final_, not_found, "onion_address_bad",
     "tor does not accept the address in the service directory"},
    {upstream, 504, again, timed_out, "introduction_timeout",
     "introduction to the onion service timed out"},
    {upstream, 502, again, unavailable, "socks_general",
     "tor reports a general failure: often a closed port behind the onion service"},
    {upstream, 403, final_, "destination_ip_prohibited", "socks_ruleset",
     "tor's own rules forbid this connection"},
    {upstream, 503, again, unavailable, "socks_unreachable", "tor cannot reach the destination"},
    {upstream, 502, again, refused, "socks_refused",
     "the onion service refused the connection: it may not serve this port"},
    {upstream, 504, again, timed_out, "socks_ttl", "tor gave up waiting for the destination"},
    {upstream, 504, again, timed_out, "connect_timeout",
     "no stream to the destination within limits.connect_time"},
    {internal, 503, final_, "connection_limit_reached", "pool_exhausted",
     "too many requests wait for a stream to this destination (limits.upstream_waiting)"},
    {upstream, 502, final_, "tls_certificate_error", "peer_untrusted",
     "the certificate at the other end is not that of the service that was meant "
     "(docs/identity.md)"},
    {upstream, 502, final_, "tls_alert_received", "certificate_refused",
     "the other sidecar refused the TLS connection: it may not trust our certificate (tls)"},
    {upstream, 502, again, "tls_protocol_error", "tls_failed",
     "no TLS connection to the other sidecar: it may not speak TLS (identity)"},
    {upstream, 502, again, refused, "app_unreachable",
     "the local application does not accept connections (app)"},
    {upstream, 502, final_, "connection_terminated", "upstream_closed",
     "the destination closed the stream before it answered"},
    {upstream, 502, final_, "http_protocol_error", "upstream_malformed",
     "the destination's answer is not well-formed HTTP/1.1"},
    {upstream, 504, final_, "http_response_timeout", "upstream_timeout",
     "the destination did not answer in time (limits.response_time)"},
    {upstream, 502, final_, "http_response_header_section_size", "upstream_head_too_large",
     "the head of the destination's answer is larger than limits.head_bytes"},
    {upstream, 502, final_, "http_response_incomplete", "upstream_truncated",
     "the destination's answer ended before it was complete"},
    {internal, 504, final_, "connection_read_timeout", "tunnel_idle",
     "no byte passed through the tunnel for limits.tunnel_idle_time"},
    {internal, 504, final_, "connection_terminated", "tunnel_expired",
     "the tunnel was as old as limits.tunnel_life_time"},
    {internal, 503, final_, own_answer, "draining",
     "this sidecar is shutting down and takes no new request"},
    {internal, 503, final_, own_answer, "audit_unwritten",
     "the audit log cannot be written, and without it nothing is let through (audit.required)"},
    {internal, 500, final_, "proxy_internal_error", "internal",
     "a fault of the sidecar itself; its log says more"},
}};

/// A row too few would leave empty facts at the end of the array.
constexpr bool every_row_is_filled() {
    for (const FailureFacts& row : table) {
        if (row.status == 0 || row.name.empty() || row.sentence.empty())
            return false;
    }
    return true;
}
static_assert(every_row_is_filled());

}  // namespace

const FailureFacts& facts(Failure failure) noexcept {
    const auto index = static_cast<std::size_t>(failure);
    return table[index < table.size() ? index : static_cast<std::size_t>(Failure::internal)];
}

}  // namespace beta::model
