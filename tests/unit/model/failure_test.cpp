#include "beta/model/failure.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <set>
#include <string_view>
#include <vector>

namespace beta::model {
namespace {

using enum Failure;

struct Row {
    Failure failure;
    std::string_view name;
    std::uint16_t status;
    std::string_view proxy_status;
};

// Written a second time on purpose: the table is by position, this one by name.
const std::vector<Row> rows{
    {none, "none", 200, ""},
    {malformed, "malformed", 400, "http_request_error"},
    {path_not_canonical, "path_not_canonical", 400, "http_request_error"},
    {header_timeout, "header_timeout", 408, "http_request_error"},
    {body_timeout, "body_timeout", 408, "http_request_error"},
    {body_too_large, "body_too_large", 413, "http_request_error"},
    {target_too_long, "target_too_long", 414, "http_request_error"},
    {head_too_large, "head_too_large", 431, "http_request_error"},
    {expectation_failed, "expectation_failed", 417, "http_request_error"},
    {coding_unknown, "coding_unknown", 501, "proxy_internal_response"},
    {version_unsupported, "version_unsupported", 505, "proxy_internal_response"},
    {method_unsupported, "method_unsupported", 501, "proxy_internal_response"},
    {loop, "loop", 508, "proxy_loop_detected"},
    {downstream_closed, "downstream_closed", 499, "connection_terminated"},
    {denied, "denied", 403, "http_request_denied"},
    {unknown_destination, "unknown_destination", 403, "http_request_denied"},
    {misdirected, "misdirected", 421, "http_request_error"},
    {rate_limited, "rate_limited", 429, "http_request_denied"},
    {page_unknown, "page_unknown", 404, "http_request_error"},
    {method_not_allowed, "method_not_allowed", 405, "http_request_error"},
    {media_type_unknown, "media_type_unknown", 415, "http_request_error"},
    {log_malformed, "log_malformed", 400, "http_request_error"},
    {log_flood, "log_flood", 429, "http_request_denied"},
    {tor_unreachable, "tor_unreachable", 503, "destination_unavailable"},
    {descriptor_not_found, "descriptor_not_found", 503, "destination_not_found"},
    {descriptor_invalid, "descriptor_invalid", 502, "destination_unavailable"},
    {introduction_failed, "introduction_failed", 503, "destination_unavailable"},
    {rendezvous_failed, "rendezvous_failed", 504, "connection_timeout"},
    {client_auth_missing, "client_auth_missing", 502, "proxy_configuration_error"},
    {client_auth_wrong, "client_auth_wrong", 502, "proxy_configuration_error"},
    {onion_address_bad, "onion_address_bad", 502, "destination_not_found"},
    {introduction_timeout, "introduction_timeout", 504, "connection_timeout"},
    {socks_general, "socks_general", 502, "destination_unavailable"},
    {socks_ruleset, "socks_ruleset", 403, "destination_ip_prohibited"},
    {socks_unreachable, "socks_unreachable", 503, "destination_unavailable"},
    {socks_refused, "socks_refused", 502, "connection_refused"},
    {socks_ttl, "socks_ttl", 504, "connection_timeout"},
    {connect_timeout, "connect_timeout", 504, "connection_timeout"},
    {pool_exhausted, "pool_exhausted", 503, "connection_limit_reached"},
    {peer_untrusted, "peer_untrusted", 502, "tls_certificate_error"},
    {certificate_refused, "certificate_refused", 502, "tls_alert_received"},
    {tls_failed, "tls_failed", 502, "tls_protocol_error"},
    {app_unreachable, "app_unreachable", 502, "connection_refused"},
    {upstream_closed, "upstream_closed", 502, "connection_terminated"},
    {upstream_malformed, "upstream_malformed", 502, "http_protocol_error"},
    {upstream_timeout, "upstream_timeout", 504, "http_response_timeout"},
    {upstream_head_too_large, "upstream_head_too_large", 502, "http_response_header_section_size"},
    {upstream_truncated, "upstream_truncated", 502, "http_response_incomplete"},
    {tunnel_idle, "tunnel_idle", 504, "connection_read_timeout"},
    {tunnel_expired, "tunnel_expired", 504, "connection_terminated"},
    {draining, "draining", 503, "proxy_internal_response"},
    {audit_unwritten, "audit_unwritten", 503, "proxy_internal_response"},
    {internal, "internal", 500, "proxy_internal_error"},
};

TEST_CASE("every failure has its name, its status and its Proxy-Status error") {
    REQUIRE(rows.size() == static_cast<std::size_t>(count_));
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(facts(row.failure).name == row.name);
        CHECK(facts(row.failure).status == row.status);
        CHECK(facts(row.failure).proxy_status == row.proxy_status);
    }
}

TEST_CASE("names and sentences are unique, since logs and metrics tell failures apart by them") {
    std::set<std::string_view> names;
    std::set<std::string_view> sentences;
    for (const Row& row : rows) {
        names.insert(facts(row.failure).name);
        sentences.insert(facts(row.failure).sentence);
    }
    CHECK(names.size() == rows.size());
    CHECK(sentences.size() == rows.size());
}

TEST_CASE("a retry is safe exactly where nothing was sent and another try may go better") {
    const std::set<Failure> safe{tor_unreachable,     descriptor_not_found, descriptor_invalid,
                                 introduction_failed, rendezvous_failed,    introduction_timeout,
                                 socks_general,       socks_unreachable,    socks_refused,
                                 socks_ttl,           connect_timeout,      app_unreachable,
                                 tls_failed};
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(facts(row.failure).retry_is_safe == safe.contains(row.failure));
    }
}

TEST_CASE("the side is who caused it: 4xx by the client, 502 to 504 by the way or the far end") {
    for (const Row& row : rows) {
        CAPTURE(row.name);
        const bool by_client = row.failure >= malformed && row.failure <= downstream_closed;
        const bool by_upstream =
            (row.failure >= tor_unreachable && row.failure <= upstream_truncated &&
             row.failure != pool_exhausted);
        const Side expected = by_client     ? Side::downstream
                              : by_upstream ? Side::upstream
                                            : Side::internal;
        CHECK(facts(row.failure).side == expected);
    }
}

TEST_CASE("a remote peer cannot tell an unknown name from a denial") {
    CHECK(facts(unknown_destination).status == facts(denied).status);
    CHECK(facts(unknown_destination).proxy_status == facts(denied).proxy_status);
    CHECK(facts(unknown_destination).side == facts(denied).side);
}

TEST_CASE("a failure outside the list is answered as a fault of our own") {
    CHECK(&facts(count_) == &facts(internal));
    CHECK(&facts(static_cast<Failure>(255)) == &facts(internal));
}

}  // namespace
}  // namespace beta::model
