// Shard: one worker's metrics. Plain numbers without locks or atomics; only its worker touches it.
#pragma once

#include "beta/telemetry/record.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace beta::telemetry {

enum class Listener : std::uint8_t { egress, ingress, admin, count_ };

/// Why a connection or message was refused before it became a request with a decision.
/// Outcome of one SOCKS connect, with the label values of field conventions.
enum class TorResult : std::uint8_t {
    ok, desc_not_found, desc_invalid, intro_failed, rend_failed, auth_missing, auth_wrong, bad_address,
    intro_timeout, general, ruleset, unreachable, refused, ttl, timeout, socks_unreachable, socks_garbage, count_
};
std::string_view label(TorResult result) noexcept;

class Histogram {
  public:
    static constexpr std::array<double, 16> bounds{  // seconds; Tor is slow
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120};
    void observe(std::chrono::nanoseconds value) noexcept;

    std::array<std::uint64_t, bounds.size() + 1> counts{};  // not cumulative; last is +Inf
    double sum = 0;
};

/// Copyable: a scrape posts a copy job to each worker and merges the copies, so the data path never waits.
class Shard {
  public:
    void request(const Record& record);
    void connection(Listener listener, int delta) noexcept;
    void tor_connect(TorResult result, std::chrono::nanoseconds took);
    void reject(model::Failure reason) noexcept;  // answered without a decision
    void retry(std::string_view reason);          // literal reasons only
    void pool(std::int64_t idle, std::int64_t busy) noexcept;  // gauges, set when they change
    void log_dropped(std::uint64_t lines) noexcept;

    /// Prometheus text of the merged shards is made by telemetry::render() (render.hpp) from copies of these.
    struct Series;  // see src/telemetry/shard.cpp for the key: small integers and directory names, never traffic
  private:
    friend class Renderer;
    // E: the owner of this module chooses the storage
};

}  // namespace beta::telemetry
