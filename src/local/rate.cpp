#include "beta/local/rate.hpp"

#include <algorithm>

namespace beta::local {
namespace {

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

Rate::Rate(std::size_t lines_a_second) noexcept
    : interval_(second / static_cast<std::int64_t>(std::max<std::size_t>(lines_a_second, 1))) {}

Rate::Nanoseconds Rate::take(std::size_t lines, Nanoseconds now) noexcept {
    auto arrival = arrival_.load(std::memory_order_relaxed);
    for (;;) {
        if (const auto ahead = arrival - now.count(); ahead > second)
            return Nanoseconds(ahead - second);
        const auto next =
            std::max(arrival, now.count()) + static_cast<std::int64_t>(lines) * interval_;
        if (arrival_.compare_exchange_weak(arrival, next, std::memory_order_relaxed))
            return {};
    }
}

}  // namespace beta::local
