// TimerWheel: coarse deadlines for a hundred thousand connections at two pointer writes each. Pure:
// time is given in.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beta::runtime {

/// A deadline that belongs to its owner and unlinks itself when the owner goes. One worker only.
class Timer {
  public:
    Timer() = default;
    virtual ~Timer() { cancel(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

    void cancel() noexcept;
    bool armed() const noexcept { return next_ != nullptr; }

  protected:
    virtual void expired() = 0;

  private:
    friend class TimerWheel;
    Timer* next_ = nullptr;
    Timer* previous_ = nullptr;
    std::uint64_t deadline_ = 0;  // tick
};

/// One ring of slots; a deadline beyond a turn waits in its slot for later turns. Deadlines are
/// never early and at most one tick late.
class TimerWheel {
  public:
    static constexpr std::chrono::milliseconds tick{100};

    TimerWheel();
    ~TimerWheel();
    TimerWheel(const TimerWheel&) = delete;
    TimerWheel& operator=(const TimerWheel&) = delete;

    /// (Re)arms; `timer` expires once `after` has passed.
    void arm(Timer& timer, std::chrono::milliseconds after) noexcept;
    /// Calls expired() of every timer that is due at `now` (time since the wheel's start). Timers
    /// may arm, cancel and destroy themselves and others from there.
    void advance(std::chrono::milliseconds now);

  private:
    static constexpr std::size_t slots = 1024;  // 102 s a turn: longer than nearly every limit

    struct Head final : Timer {
        void expired() override {}
    };
    void link(Timer& timer) noexcept;
    void run_slot();

    std::array<Head, slots> wheel_;
    std::uint64_t now_ = 0;
};

}  // namespace beta::runtime
