#include "setters.hpp"

namespace beta::config {
namespace {

template <auto Member>
constexpr auto count = set_count<&Config::limits, Member>;
template <auto Member>
constexpr auto size = set_size<&Config::limits, Member>;
template <auto Member>
constexpr auto time = set_time<&Config::limits, Member>;

// The bounds refuse slips of the keyboard, not tastes: a head must hold a request line, a timer
// cannot be shorter than the wheel's step.
constexpr Key table[] = {
    {"limits.head_bytes", size<&Limits::head_bytes>, {256, 1024 * KiB}},
    {"limits.target_bytes", size<&Limits::target_bytes>, {64, 64 * KiB}},
    {"limits.header_count", count<&Limits::header_count>, {1, 10'000}},
    {"limits.body_bytes", size<&Limits::body_bytes>, {0, 1024 * GiB}},
    {"limits.chunk_extension_bytes", size<&Limits::chunk_extension_bytes>, {0, 4 * KiB}},
    {"limits.trailer_bytes", size<&Limits::trailer_bytes>, {0, 64 * KiB}},
    {"limits.minimum_rate", size<&Limits::minimum_rate>, {0, GiB}},
    {"limits.interim_responses", count<&Limits::interim_responses>, {0, 1'000}},
    {"limits.app_log_bytes", size<&Limits::app_log_bytes>, {KiB, 16 * 1024 * KiB}},
    {"limits.app_log_line_bytes", size<&Limits::app_log_line_bytes>, {64, 60 * KiB}},
    {"limits.app_log_rate", count<&Limits::app_log_rate>, {1, 1'000'000}},
    {"limits.app_services", count<&Limits::app_services>, {1, 100'000}},
    {"limits.downstream_connections", count<&Limits::downstream_connections>, {1, 1'000'000}},
    {"limits.upstream_connections", count<&Limits::upstream_connections>, {1, 65'535}},
    {"limits.upstream_idle", count<&Limits::upstream_idle>, {0, 65'535}},
    {"limits.upstream_waiting", count<&Limits::upstream_waiting>, {0, 1'000'000}},
    {"limits.connect_tries", count<&Limits::connect_tries>, {1, 10}},
    {"limits.pipelined_requests", count<&Limits::pipelined_requests>, {1, 10'000}},
    {"limits.requests_per_connection",
     count<&Limits::requests_per_connection>,
     {1, 1'000'000'000'000}},
    {"limits.handshakes_at_once", count<&Limits::handshakes_at_once>, {1, 10'000}},
    {"limits.handshake_time", time<&Limits::handshake_time>, {10, hour}},
    {"limits.header_time", time<&Limits::header_time>, {10, hour}},
    {"limits.body_idle_time", time<&Limits::body_idle_time>, {10, hour}},
    {"limits.keep_alive_time", time<&Limits::keep_alive_time>, {10, 24 * hour}},
    {"limits.connect_time", time<&Limits::connect_time>, {10, hour}},
    {"limits.circuit_connect_time", time<&Limits::circuit_connect_time>, {10, hour}},
    {"limits.circuit_stall_time", time<&Limits::circuit_stall_time>, {10, hour}},
    {"limits.response_time", time<&Limits::response_time>, {10, 24 * hour}},
    {"limits.send_idle_time", time<&Limits::send_idle_time>, {10, hour}},
    {"limits.upstream_idle_time", time<&Limits::upstream_idle_time>, {10, 24 * hour}},
    {"limits.close_time", time<&Limits::close_time>, {10, 60 * second}},
    {"limits.last_spans_time", time<&Limits::last_spans_time>, {0, 60 * second}},
    {"limits.tunnel_idle_time", time<&Limits::tunnel_idle_time>, {10, 24 * hour}},
    {"limits.tunnel_linger_time", time<&Limits::tunnel_linger_time>, {10, hour}},
    {"limits.tunnel_life_time", time<&Limits::tunnel_life_time>, {10, 720 * hour}},
};

}  // namespace

std::span<const Key> limit_keys() noexcept {
    return table;
}

}  // namespace beta::config
