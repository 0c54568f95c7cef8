#include "beta/runtime/timer_wheel.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <random>
#include <vector>

using beta::runtime::Timer;
using beta::runtime::TimerWheel;
using std::chrono::milliseconds;

namespace {

struct Alarm final : Timer {
    std::function<void()> on_expired = [] {};
    int rang = 0;

    void expired() override {
        ++rang;
        on_expired();
    }
};

}  // namespace

TEST_CASE("a timer rings after its time, never before, and at most two ticks late") {
    const auto after = GENERATE(0, 1, 99, 100, 101, 5'000, 102'400, 250'000);
    TimerWheel wheel;
    wheel.advance(milliseconds{1'234});
    Alarm alarm;
    wheel.arm(alarm, milliseconds{after});
    milliseconds now{1'200};  // the tick under way
    while (alarm.rang == 0) {
        now += milliseconds{100};
        wheel.advance(now);
    }
    CHECK(now >= milliseconds{1'234 + after});
    CHECK(now <= milliseconds{1'234 + after + 300});
}

TEST_CASE("a timer rings once, and a cancelled or destroyed one never") {
    TimerWheel wheel;
    Alarm once;
    Alarm cancelled;
    wheel.arm(once, milliseconds{200});
    wheel.arm(cancelled, milliseconds{200});
    {
        Alarm destroyed;
        wheel.arm(destroyed, milliseconds{200});
    }
    cancelled.cancel();
    wheel.advance(milliseconds{500'000});
    CHECK(once.rang == 1);
    CHECK(cancelled.rang == 0);
    CHECK_FALSE(once.armed());
}

TEST_CASE("arming again moves the deadline") {
    TimerWheel wheel;
    Alarm alarm;
    wheel.arm(alarm, milliseconds{200});
    wheel.arm(alarm, milliseconds{10'000});
    wheel.advance(milliseconds{5'000});
    CHECK(alarm.rang == 0);
    wheel.advance(milliseconds{11'000});
    CHECK(alarm.rang == 1);
}

TEST_CASE("timers may arm, cancel and destroy each other while the wheel turns") {
    TimerWheel wheel;
    Alarm first;
    Alarm second;
    auto third = std::make_unique<Alarm>();
    first.on_expired = [&] {
        second.cancel();
        third.reset();
        if (first.rang < 3)
            wheel.arm(first, milliseconds{100});
    };
    wheel.arm(first, milliseconds{100});
    wheel.arm(second, milliseconds{100});
    wheel.arm(*third, milliseconds{100});
    wheel.advance(milliseconds{10'000});
    CHECK(first.rang == 3);
    CHECK(second.rang == 0);
}

TEST_CASE("ten thousand timers ring as a sorted list of deadlines would") {
    TimerWheel wheel;
    std::mt19937 random(7);  // NOLINT: the same run every time
    std::vector<std::unique_ptr<Alarm>> alarms;
    std::vector<int> after;
    for (int i = 0; i < 10'000; ++i) {
        after.push_back(static_cast<int>(random() % 300'000));
        alarms.push_back(std::make_unique<Alarm>());
        wheel.arm(*alarms.back(), milliseconds{after.back()});
    }
    for (int now = 0; now <= 301'000; now += 100) {
        wheel.advance(milliseconds{now});
        for (std::size_t i = 0; i < alarms.size(); i += 97) {
            if (now < after[i])
                REQUIRE(alarms[i]->rang == 0);
            if (now > after[i] + 300)
                REQUIRE(alarms[i]->rang == 1);
        }
    }
}
