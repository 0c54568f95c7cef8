// Histogram: latencies in nanoseconds to within 1 %, in fixed memory; quantiles out of it.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace beta::bench {

class Histogram {
  public:
    void record(std::uint64_t nanoseconds) noexcept {
        ++buckets_[std::min(bucket_of(nanoseconds), buckets_.size() - 1)];
        ++count_;
        most_ = std::max(most_, nanoseconds);
    }

    std::uint64_t count() const noexcept { return count_; }
    std::uint64_t most() const noexcept { return most_; }

    /// The latency that the share `q` of all did not exceed.
    std::uint64_t quantile(double q) const noexcept {
        const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(count_));
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < buckets_.size(); ++bucket) {
            seen += buckets_[bucket];
            if (seen > wanted)
                return std::min(end_of(bucket), most_);
        }
        return most_;
    }

  private:
    // 128 buckets for each power of two; exact below 128.
    static constexpr unsigned precision = 7;
    static constexpr std::uint64_t steps = 1u << precision;

    static std::size_t bucket_of(std::uint64_t value) noexcept {
        if (value < steps)
            return value;
        const auto shift = static_cast<unsigned>(std::bit_width(value)) - precision - 1;
        return (shift + 1) * steps + ((value >> shift) - steps);
    }

    static std::uint64_t end_of(std::size_t bucket) noexcept {
        if (bucket < steps)
            return bucket;
        const auto shift = bucket / steps - 1;
        return ((bucket % steps + steps + 1) << shift) - 1;
    }

    std::array<std::uint64_t, 36 * steps> buckets_{};  // up to 2^42 ns, more than an hour
    std::uint64_t count_ = 0;
    std::uint64_t most_ = 0;
};

}  // namespace beta::bench
