// Limits: every bound of the sidecar in one place, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beta::config {

struct Limits {
    // Messages (bytes, counts)
    std::size_t head_bytes = 32uz * 1024;   // of either side; cookies and tokens fit, floods do not
    std::size_t target_bytes = 8uz * 1024;  // RFC 9112 §3 asks for at least 8000
    std::size_t header_count = 128;         // field lines; more is a flood
    std::uint64_t body_bytes = 1ull << 30;  // payment bodies are small, exports are not
    std::size_t chunk_extension_bytes = 256;  // per chunk; nobody uses more, attackers do
    std::size_t trailer_bytes = 8uz * 1024;   // checksums and timings fit
    std::uint64_t minimum_rate = 128;         // bytes a second, of a request body after twice
                                              // body_idle_time, and of a peer that reads; 0: none
    std::size_t interim_responses = 16;       // 1xx before the final answer; more is a flood

    // What the app says and asks at beta.internal (docs/app-logs.md):
    std::size_t app_log_bytes = 256uz * 1024;      // of one POST; held in memory until it is whole
    std::size_t app_log_line_bytes = 16uz * 1024;  // as sent; stack traces fit, dumps do not
    std::size_t app_log_rate = 2'000;  // lines a second; a log that nobody could read is a fault
    std::size_t app_services = 1'000;  // named in one answer; nobody reads more

    // Connections (counts)
    std::size_t downstream_connections = 20'000;  // per listener; file descriptors are finite
    // Per destination and worker:
    std::size_t upstream_connections = 256;  // a tor client feels more
    std::size_t upstream_idle = 32;          // kept alive, of each circuit
    std::size_t upstream_waiting = 1024;     // requests queued for a stream
    std::size_t handshakes_at_once =
        8;                          // a worker's, between turns of the others; 1 ms of CPU each
    std::size_t connect_tries = 3;  // each on a fresh circuit; a fourth never helped
    // Per downstream connection:
    std::size_t pipelined_requests = 64;  // answered back to back before other work is let in
    std::uint64_t requests_per_connection = 1'000'000;  // then closed politely: load can move

    // Times
    std::chrono::milliseconds handshake_time{10'000};       // of TLS, from accept; seconds over Tor
    std::chrono::milliseconds header_time{10'000};          // first byte to end of head; slowloris
    std::chrono::milliseconds body_idle_time{30'000};       // between two reads of a body under way
    std::chrono::milliseconds keep_alive_time{75'000};      // idle downstream connection
    std::chrono::milliseconds connect_time{20'000};         // SOCKS to ready stream; Tor is slow
    std::chrono::milliseconds circuit_connect_time{4'000};  // its first try: what takes longer
                                                            // mostly never comes; then twice that
    std::chrono::milliseconds circuit_stall_time{10'000};   // all silent, at least, and 4 times the
                                                            // slowest answer of late
    std::chrono::milliseconds response_time{60'000};        // request sent to response head
    std::chrono::milliseconds send_idle_time{30'000};       // a peer that does not read
    std::chrono::milliseconds upstream_idle_time{55'000};   // below the peer's keep_alive_time
    std::chrono::milliseconds close_time{2'000};       // after half-close, for the peer's own close
    std::chrono::milliseconds last_spans_time{5'000};  // at the end: traces are no reason to stay
    // CONNECT and websockets:
    std::chrono::milliseconds tunnel_idle_time{300'000};   // no byte either way; pings come sooner
    std::chrono::milliseconds tunnel_linger_time{30'000};  // one side has finished, then silence
    std::chrono::milliseconds tunnel_life_time{86'400'000};  // the policy is asked but once

    bool operator==(const Limits&) const = default;
};

}  // namespace beta::config
