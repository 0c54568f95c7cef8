// LookPace: when to look at files: once a burst of events is over, or after a while without any.
// Pure: time is given in.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>

namespace beta::runtime {

class LookPace {
  public:
    using Time = std::chrono::steady_clock::time_point;
    // A tool writes all its files within the first; one that never rests is not waited for.
    static constexpr std::chrono::milliseconds quiet{100};
    static constexpr std::chrono::milliseconds patience{2'000};
    static constexpr std::chrono::seconds without_events{30};  // for what gives no event

    void event(Time now) noexcept {
        if (!first_)
            first_ = now;
        last_ = now;
    }
    void looked(Time now) noexcept {
        first_.reset();
        last_ = now;
    }
    Time due() const noexcept {
        return first_ ? std::min(last_ + quiet, *first_ + patience) : last_ + without_events;
    }

  private:
    std::optional<Time> first_;  // event since the last look
    Time last_;                  // event, or look
};

}  // namespace beta::runtime
