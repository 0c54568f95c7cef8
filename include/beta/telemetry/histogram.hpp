// Histogram: how long things took, in fixed buckets from 1 ms to 2 min.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beta::telemetry {

class Histogram {
  public:
    /// Upper bounds, inclusive. Tor is slow.
    static constexpr std::array<std::chrono::microseconds, 16> bounds{
        std::chrono::microseconds{1'000},      std::chrono::microseconds{2'500},
        std::chrono::microseconds{5'000},      std::chrono::microseconds{10'000},
        std::chrono::microseconds{25'000},     std::chrono::microseconds{50'000},
        std::chrono::microseconds{100'000},    std::chrono::microseconds{250'000},
        std::chrono::microseconds{500'000},    std::chrono::microseconds{1'000'000},
        std::chrono::microseconds{2'500'000},  std::chrono::microseconds{5'000'000},
        std::chrono::microseconds{10'000'000}, std::chrono::microseconds{30'000'000},
        std::chrono::microseconds{60'000'000}, std::chrono::microseconds{120'000'000}};

    void observe(std::chrono::nanoseconds value) noexcept {
        std::size_t bucket = 0;
        while (bucket < bounds.size() && value > bounds[bucket])
            ++bucket;
        ++counts_[bucket];
        sum_ += value;
    }

    void merge(const Histogram& other) noexcept {
        for (std::size_t i = 0; i < counts_.size(); ++i)
            counts_[i] += other.counts_[i];
        sum_ += other.sum_;
    }

    /// Observations in bucket `i` alone (not cumulative); the last is above every bound.
    std::uint64_t in_bucket(std::size_t i) const noexcept { return counts_[i]; }
    std::uint64_t count() const noexcept {
        std::uint64_t all = 0;
        for (const auto one : counts_)
            all += one;
        return all;
    }
    std::chrono::nanoseconds sum() const noexcept { return sum_; }

  private:
    std::array<std::uint64_t, bounds.size() + 1> counts_{};
    std::chrono::nanoseconds sum_{0};
};

}  // namespace beta::telemetry
