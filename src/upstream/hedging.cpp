#include "beta/upstream/hedging.hpp"

#include <algorithm>
#include <cmath>

namespace beta::upstream {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::uint32_t enough = 50;        // answers, for a quantile that is not one request's
constexpr std::uint32_t remembered = 1000;  // answers; then all count half
constexpr std::uint32_t copy = 100;         // percent
constexpr std::uint32_t kept = 10 * copy;
constexpr double per_doubling = 4;

}  // namespace

std::size_t Hedging::bucket_of(microseconds latency) {
    const auto value = static_cast<double>(std::max<microseconds::rep>(latency.count(), 1));
    const auto bucket = static_cast<std::size_t>(std::log2(value) * per_doubling);
    return std::min(bucket, buckets - 1);
}

void Hedging::answered(microseconds latency) {
    if (hedge_.after == config::Hedge::After::off)
        return;
    ++counts_[bucket_of(latency)];
    if (++count_ < remembered)
        return;
    count_ = 0;
    for (auto& count : counts_)
        count_ += count /= 2;
}

std::optional<milliseconds> Hedging::after() {
    using enum config::Hedge::After;
    if (hedge_.after == off)
        return std::nullopt;
    earned_ = std::min(earned_ + hedge_.budget, kept);
    if (hedge_.after == time)
        return hedge_.time;
    if (count_ < enough)
        return std::nullopt;
    return quantile(hedge_.after == p95 ? 95 : 99);
}

bool Hedging::take() {
    if (earned_ < copy)
        return false;
    earned_ -= copy;
    return true;
}

/// The upper end of the bucket that the quantile is in.
milliseconds Hedging::quantile(std::uint32_t percent) const {
    const std::uint32_t below = count_ * percent / 100;
    std::uint32_t sum = 0;
    std::size_t bucket = 0;
    while (bucket < buckets - 1 && (sum += counts_[bucket]) <= below)
        ++bucket;
    const double end = std::exp2(static_cast<double>(bucket + 1) / per_doubling);
    return std::chrono::ceil<milliseconds>(microseconds(static_cast<microseconds::rep>(end)));
}

}  // namespace beta::upstream
