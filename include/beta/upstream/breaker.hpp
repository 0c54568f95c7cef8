// Breaker: when a destination that no connect reaches is left alone, and when it is tried again.
#pragma once

#include <chrono>
#include <cstdint>

namespace beta::upstream {

/// A connect to what is dead costs tor a circuit for each of its tries. After so many in a row that
/// failed the breaker opens, and who needs a connect is refused at once; then a single one is let
/// through, and the time doubles as long as that fails. Anything that comes from the destination
/// closes it. Pure. Not thread-safe.
class Breaker {
  public:
    enum class State : std::uint8_t { closed, half_open, open };
    using Time = std::chrono::microseconds;  // since any moment that stays; never goes back

    struct Limits {
        std::uint32_t failures = 0;  // in a row; 0: it never opens
        Time time{};                 // open for so long at first
        Time trial{};                // the longest that a connect can take
    };

    explicit Breaker(const Limits& limits) : limits_(limits) {}

    State state() const noexcept { return state_; }
    /// Of a request that needs a connect: whether it may. One may once the time is over, and is the
    /// trial.
    bool admits(Time now);
    /// A stream came, or an answer.
    void reached(Time now);
    /// A connect failed with all its tries. What began before the last that is known says nothing
    /// new. `random`: any bits, so that sidecars do not come back together.
    void failed(Time began, Time now, std::uint32_t random);
    /// The trial ended with nothing learned: another may be at once.
    void untold(Time now);

  private:
    void open(Time now, std::uint32_t random);

    Limits limits_;
    State state_ = State::closed;
    std::uint32_t failures_ = 0;  // in a row
    std::uint32_t openings_ = 0;  // in a row
    Time since_{};                // of the state, or the last time that it was reached
    Time until_{};                // then there is a trial, or another one
};

}  // namespace beta::upstream
