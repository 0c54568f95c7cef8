// Upstream: how circuits to a destination are used. Each default has its reason.
#pragma once

#include <chrono>
#include <cstdint>

namespace beta::config {

/// A second copy of a request that is slow to be answered, by another circuit.
struct Hedge {
    enum class After : std::uint8_t { off, p95, p99, time };

    After after = After::off;  // it doubles what slow requests cost others: to be asked for
    std::chrono::milliseconds time{0};  // of After::time
    std::uint32_t budget = 5;  // percent of requests: when all are slow, copies would not help

    bool operator==(const Hedge&) const = default;
};

struct Upstream {
    // Per destination and worker, opened as requests meet each other or turn slow. With three one
    // is left to choose while one is slow and one is being replaced; each further one costs tor and
    // the network the same and helps less.
    std::uint32_t circuits = 3;
    std::chrono::milliseconds rotate_circuits{3'600'000};  // what an observer can join is bounded
    Hedge hedge;
    // Connects in a row that fail with all their tries, until a destination is left alone; 0:
    // never. It is dead then, or nearly: each further one costs tor three circuits for nothing.
    std::uint32_t breaker_failures = 5;
    std::chrono::milliseconds breaker_time{1'000};  // at first; what has restarted is back by then

    bool operator==(const Upstream&) const = default;
};

}  // namespace beta::config
