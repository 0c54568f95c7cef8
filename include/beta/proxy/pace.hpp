// Pace: how long a sender may keep us waiting in all: some time to begin with, and more for each
// byte.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace beta::proxy {

/// Pure. Only the time that was spent waiting for the sender counts, not the time in which we had
/// no room: a slow upstream is no fault of the client.
class Pace {
  public:
    using Clock = std::chrono::steady_clock;
    using Duration = std::chrono::milliseconds;

    Pace() = default;
    /// `rate` in bytes a second; 0 asks for none.
    Pace(Duration patience, std::uint64_t rate) : left_(patience), rate_(rate) {}

    bool waiting() const { return since_.has_value(); }
    /// From now on we wait.
    void wait(Clock::time_point now) {
        if (!since_)
            since_ = now;
    }
    /// Bytes came, or we turned to something else.
    void moved(std::uint64_t bytes, Clock::time_point now) {
        if (rate_ == 0)
            return;
        left_ = left(now);
        since_.reset();
        left_ += std::chrono::duration_cast<Duration>(
            std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(rate_)));
    }
    /// How much longer it may take.
    Duration left(Clock::time_point now) const {
        if (rate_ == 0)
            return Duration::max();
        const auto waited =
            since_ ? std::chrono::duration_cast<Duration>(now - *since_) : Duration{};
        return std::max(left_ - waited, Duration{});
    }

  private:
    Duration left_{};
    std::uint64_t rate_ = 0;
    std::optional<Clock::time_point> since_;
};

/// What a peer that reads must have taken in this time.
constexpr std::uint64_t least_taken(std::uint64_t rate, std::chrono::milliseconds time) noexcept {
    return std::max<std::uint64_t>(1, rate * static_cast<std::uint64_t>(time.count()) / 1000);
}

}  // namespace beta::proxy
