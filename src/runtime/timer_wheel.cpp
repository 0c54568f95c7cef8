#include "beta/runtime/timer_wheel.hpp"

namespace beta::runtime {

void Timer::cancel() noexcept {
    if (next_ == nullptr)
        return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    next_ = previous_ = nullptr;
}

TimerWheel::TimerWheel() {
    for (auto& head : wheel_)
        head.next_ = head.previous_ = &head;
}

TimerWheel::~TimerWheel() {
    for (auto& head : wheel_) {
        while (head.next_ != &head)
            head.next_->cancel();
        head.next_ = head.previous_ = nullptr;
    }
}

void TimerWheel::arm(Timer& timer, std::chrono::milliseconds after) noexcept {
    timer.cancel();
    // one more than the ticks asked for: the tick under way has partly gone
    timer.deadline_ = now_ + 1 + static_cast<std::uint64_t>((after + tick - after % tick) / tick);
    link(timer);
}

void TimerWheel::link(Timer& timer) noexcept {
    Head& head = wheel_[timer.deadline_ % slots];
    timer.previous_ = head.previous_;
    timer.next_ = &head;
    head.previous_->next_ = &timer;
    head.previous_ = &timer;
}

void TimerWheel::advance(std::chrono::milliseconds now) {
    const auto target = static_cast<std::uint64_t>(now / tick);
    while (now_ < target) {
        ++now_;
        run_slot();
    }
}

/// The due slot is emptied into a list of its own first, so that whatever expired() does cannot
/// disturb the walk.
void TimerWheel::run_slot() {
    Head& head = wheel_[now_ % slots];
    Head due;
    due.next_ = due.previous_ = &due;
    while (head.next_ != &head) {
        Timer* const timer = head.next_;
        timer->cancel();
        timer->previous_ = due.previous_;
        timer->next_ = &due;
        due.previous_->next_ = timer;
        due.previous_ = timer;
    }
    while (due.next_ != &due) {
        Timer* const timer = due.next_;
        timer->cancel();
        if (timer->deadline_ > now_)
            link(*timer);
        else
            timer->expired();
    }
    due.next_ = due.previous_ = nullptr;
}

}  // namespace beta::runtime
