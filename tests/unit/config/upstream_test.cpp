#include "configuration.hpp"

#include <catch2/catch.hpp>

#include <chrono>

namespace beta::config {
namespace {

using namespace std::chrono_literals;

Upstream upstream(const std::string& keys) {
    return parsed(needed + "upstream: { " + keys + " }\n").upstream;
}

TEST_CASE("circuits and their schedule are read, and refused out of bounds") {
    CHECK(upstream("circuits: 8").circuits == 8);
    CHECK(upstream("rotate_circuits: 10m").rotate_circuits == 10min);
    CHECK_THAT(error_of(needed + "upstream: { circuits: 9 }\n"),
               Catch::Contains("must be a number from 1 to 8"));
    CHECK_THAT(error_of(needed + "upstream: { rotate_circuits: 999ms }\n"),
               Catch::Contains("must be a time from 1s"));
}

TEST_CASE("a destination is left alone after some connects, or never") {
    CHECK(upstream("circuits: 2").breaker_failures == 5);
    CHECK(upstream("breaker_failures: off").breaker_failures == 0);
    CHECK(upstream("breaker_failures: 2").breaker_failures == 2);
    CHECK(upstream("breaker_time: 300ms").breaker_time == 300ms);
    for (const std::string word : {"0", "1001", "never"})
        CHECK_THAT(error_of(needed + "upstream: { breaker_failures: " + word + " }\n"),
                   Catch::Contains("must be off or a number from 1 to 1000"));
}

TEST_CASE("a second copy goes out never, after a quantile, or after a time") {
    CHECK(upstream("circuits: 2").hedge.after == Hedge::After::off);
    CHECK(upstream("hedge: off").hedge.after == Hedge::After::off);
    CHECK(upstream("hedge: p95").hedge.after == Hedge::After::p95);
    CHECK(upstream("hedge: p99").hedge.after == Hedge::After::p99);
    const auto timed = upstream("hedge: 250ms, hedge_budget: 20").hedge;
    CHECK(timed.after == Hedge::After::time);
    CHECK(timed.time == 250ms);
    CHECK(timed.budget == 20);
    for (const std::string word : {"p90", "on", "\"\"", "9ms", "95"})
        CHECK_THAT(error_of(needed + "upstream: { hedge: " + word + " }\n"),
                   Catch::Contains("must be off, p95, p99 or a time from 10ms to 1h"));
}

}  // namespace
}  // namespace beta::config
