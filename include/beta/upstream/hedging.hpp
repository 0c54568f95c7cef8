// Hedging: after how long a second copy of a request is worth sending, and how many are.
#pragma once

#include "beta/config/upstream.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace beta::upstream {

/// Learns the quantile from the answers of late. Each request earns a part of a copy, and a few are
/// kept for when several are slow together. Pure. Not thread-safe.
class Hedging {
  public:
    explicit Hedging(const config::Hedge& hedge) : hedge_(hedge) {}

    void answered(std::chrono::microseconds latency);
    /// Of a request sent now; empty: off, or too few answers seen to tell.
    std::optional<std::chrono::milliseconds> after();
    /// False when the budget is spent.
    bool take();

  private:
    /// Four buckets to each doubling: a quantile is at most a fifth too high.
    static constexpr std::size_t buckets = 112;

    static std::size_t bucket_of(std::chrono::microseconds latency);
    std::chrono::milliseconds quantile(std::uint32_t percent) const;

    config::Hedge hedge_;
    std::array<std::uint16_t, buckets> counts_{};  // halved in time: what was is worth less
    std::uint32_t count_ = 0;
    std::uint32_t earned_ = 0;  // percent of a copy
};

}  // namespace beta::upstream
