#include "beta/proxy/pace.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using beta::proxy::Pace;

namespace {

const Pace::Clock::time_point start{};

}  // namespace

TEST_CASE("who sends nothing has the patience and no more") {
    Pace pace(10s, 100);
    CHECK(pace.left(start) == 10s);
    pace.wait(start);
    CHECK(pace.left(start + 4s) == 6s);
    pace.wait(start + 4s);  // still the same wait
    CHECK(pace.left(start + 9s) == 1s);
    CHECK(pace.left(start + 11s) == 0s);
}

TEST_CASE("every byte earns its time, and only waiting costs any") {
    Pace pace(10s, 100);
    pace.wait(start);
    pace.moved(200, start + 5s);
    CHECK_FALSE(pace.waiting());
    CHECK(pace.left(start + 100s) == 7s);  // we had no room for more meanwhile
    pace.wait(start + 100s);
    CHECK(pace.left(start + 103s) == 4s);
}

TEST_CASE("one byte at a time below the rate comes to an end, at the rate it does not") {
    Pace slow(10s, 100);
    Pace steady(10s, 1);
    auto now = start;
    for (int i = 0; i < 20; ++i) {
        slow.wait(now);
        steady.wait(now);
        now += 1s;
        slow.moved(1, now);
        steady.moved(1, now);
    }
    CHECK(slow.left(now) < 20ms);
    CHECK(steady.left(now) == 10s);
}

TEST_CASE("without a minimum rate there is no end to patience") {
    Pace pace(10s, 0);
    pace.wait(start);
    CHECK(pace.left(start + 1000h) == Pace::Duration::max());
}

TEST_CASE("a reader must take a byte at least, and the rate's worth otherwise") {
    CHECK(beta::proxy::least_taken(0, 30s) == 1);
    CHECK(beta::proxy::least_taken(128, 30s) == 3840);
    CHECK(beta::proxy::least_taken(1, 300ms) == 1);
}
