// Backoff: how long to wait before trying again; doubles, and differs between two that wait alike.
#pragma once

#include <algorithm>
#include <chrono>

namespace beta::tor {

class Backoff {
  public:
    using Time = std::chrono::milliseconds;

    Backoff(Time first, Time longest) : first_(first), longest_(longest), next_(first) {}

    /// `chance` is of 0 to 1: from half the time to all of it.
    Time next(double chance) noexcept {
        const auto whole = std::chrono::duration<double, std::milli>(next_);
        next_ = std::min(longest_, 2 * next_);
        return std::chrono::duration_cast<Time>(whole * (0.5 + chance / 2));
    }
    void reset() noexcept { next_ = first_; }

  private:
    Time first_;
    Time longest_;
    Time next_;
};

}  // namespace beta::tor
