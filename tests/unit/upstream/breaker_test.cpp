#include "beta/upstream/breaker.hpp"

#include <catch2/catch.hpp>

namespace beta::upstream {
namespace {

using namespace std::chrono_literals;
using State = Breaker::State;

constexpr Breaker::Limits three{.failures = 3, .time = 1s, .trial = 20s};

/// Whose connects fail at once, with no random bits.
struct Dead {
    Breaker breaker{three};

    void fail(Breaker::Time now) { breaker.failed(now, now, 0); }
    void open(Breaker::Time now) {
        for (int i = 0; i < 3; ++i)
            fail(now);
    }
};

TEST_CASE("a destination is left alone after so many connects in a row that failed") {
    Dead dead;
    for (int i = 0; i < 2; ++i) {
        dead.fail(1s);
        CHECK(dead.breaker.admits(1s));
    }
    dead.fail(1s);
    CHECK(dead.breaker.state() == State::open);
    CHECK_FALSE(dead.breaker.admits(1s));
    CHECK_FALSE(dead.breaker.admits(1999ms));
}

TEST_CASE("what comes from it between failures begins the count anew") {
    Dead dead;
    dead.fail(1s);
    dead.fail(1s);
    dead.breaker.reached(1s);
    dead.fail(2s);
    dead.fail(2s);
    CHECK(dead.breaker.state() == State::closed);
}

TEST_CASE("once the time is over one is let through, and its success closes") {
    Dead dead;
    dead.open(1s);
    CHECK(dead.breaker.admits(2s));
    CHECK(dead.breaker.state() == State::half_open);
    CHECK_FALSE(dead.breaker.admits(2s));
    dead.breaker.reached(3s);
    CHECK(dead.breaker.state() == State::closed);
    CHECK(dead.breaker.admits(3s));
}

TEST_CASE("the time doubles with each trial that fails, up to a bound, and anew after a success") {
    Dead dead;
    dead.open(0s);
    Breaker::Time now = 0s;
    for (const auto time : {1s, 2s, 4s, 8s, 16s, 32s, 32s}) {
        CHECK_FALSE(dead.breaker.admits(now + time - 1us));
        now += time;
        CHECK(dead.breaker.admits(now));
        dead.fail(now);
        CHECK(dead.breaker.state() == State::open);
    }
    dead.breaker.reached(now);
    dead.open(now);
    CHECK(dead.breaker.admits(now + 1s));
}

TEST_CASE("chance cuts the time short by a quarter at most") {
    for (std::uint32_t random = 0; random < 2048; random += 31) {
        Breaker breaker(three);
        for (int i = 0; i < 3; ++i)
            breaker.failed(0s, 0s, random);
        CHECK_FALSE(breaker.admits(750ms));
        CHECK(breaker.admits(1s));
    }
}

TEST_CASE("what had begun before says nothing new") {
    Dead dead;
    SECTION("before the trial") {
        dead.open(1s);
        CHECK(dead.breaker.admits(2s));
        dead.breaker.failed(1s, 3s, 0);
        CHECK(dead.breaker.state() == State::half_open);
    }
    SECTION("before it was reached") {
        dead.breaker.reached(2s);
        for (int i = 0; i < 9; ++i)
            dead.breaker.failed(1s, 3s, 0);
        CHECK(dead.breaker.state() == State::closed);
    }
    SECTION("while it is open: the time stays") {
        dead.open(1s);
        dead.breaker.failed(1s, 1900ms, 0);
        CHECK(dead.breaker.admits(2s));
    }
}

TEST_CASE("a trial that tells nothing makes room for another") {
    Dead dead;
    dead.open(1s);
    CHECK(dead.breaker.admits(2s));
    SECTION("at once when it is known") {
        dead.breaker.untold(3s);
        CHECK(dead.breaker.admits(3s));
    }
    SECTION("in time when it is not") {
        CHECK_FALSE(dead.breaker.admits(21s));
        CHECK(dead.breaker.admits(22s));
    }
}

TEST_CASE("a breaker that is off never opens") {
    Breaker breaker({.failures = 0, .time = 1s, .trial = 20s});
    for (int i = 0; i < 100; ++i)
        breaker.failed(1s, 1s, 0);
    CHECK(breaker.state() == State::closed);
    CHECK(breaker.admits(1s));
}

}  // namespace
}  // namespace beta::upstream
