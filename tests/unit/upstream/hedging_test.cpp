#include "beta/upstream/hedging.hpp"

#include <catch2/catch.hpp>

namespace beta::upstream {
namespace {

using namespace std::chrono_literals;
using After = config::Hedge::After;

constexpr config::Hedge p95{.after = After::p95, .time = 0ms, .budget = 5};
constexpr config::Hedge p99{.after = After::p99, .time = 0ms, .budget = 5};

void answer(Hedging& hedging, int times, std::chrono::microseconds latency) {
    for (int i = 0; i < times; ++i)
        hedging.answered(latency);
}

TEST_CASE("off means never, however slow answers are") {
    Hedging hedging(config::Hedge{});
    answer(hedging, 500, 5s);
    CHECK_FALSE(hedging.after());
    CHECK_FALSE(hedging.take());
}

TEST_CASE("a quantile is told once enough answers were seen, and it is a fifth too high at most") {
    Hedging half(p95);
    answer(half, 49, 100ms);
    CHECK_FALSE(half.after());
    answer(half, 1, 100ms);
    CHECK(half.after() >= 100ms);
    CHECK(half.after() <= 120ms);
}

TEST_CASE("p95 leaves out the slowest five of a hundred, p99 the slowest one") {
    for (const auto& [hedge, slow, least] :
         {std::tuple{p95, 4, 10ms}, {p95, 7, 900ms}, {p99, 0, 10ms}, {p99, 3, 900ms}}) {
        CAPTURE(slow);
        Hedging hedging(hedge);
        answer(hedging, 2 * (100 - slow), 10ms);
        answer(hedging, 2 * slow, 900ms);
        CHECK(hedging.after() >= least);
        CHECK(hedging.after() <= least * 6 / 5);
    }
}

TEST_CASE("what was is forgotten when answers change") {
    Hedging hedging(p95);
    answer(hedging, 5'000, 10ms);
    answer(hedging, 1'000, 1s);
    CHECK(hedging.after() >= 1s);
    answer(hedging, 10'000, 10ms);
    CHECK(hedging.after() <= 12ms);
}

TEST_CASE("a time that is given needs no answers") {
    Hedging hedging({.after = After::time, .time = 250ms, .budget = 5});
    CHECK(hedging.after() == 250ms);
}

TEST_CASE("a budget of five percent is one copy for twenty requests, with a few kept") {
    Hedging hedging({.after = After::time, .time = 10ms, .budget = 5});
    for (int i = 0; i < 19; ++i)
        hedging.after();
    CHECK_FALSE(hedging.take());
    hedging.after();
    CHECK(hedging.take());
    CHECK_FALSE(hedging.take());
    for (int i = 0; i < 10'000; ++i)
        hedging.after();
    int taken = 0;
    while (hedging.take())
        ++taken;
    CHECK(taken == 10);
}

TEST_CASE("answers as fast or as slow as can be are counted") {
    Hedging hedging(p95);
    answer(hedging, 100, 0us);
    CHECK(hedging.after() == 1ms);
    answer(hedging, 900, 24h * 365);
    CHECK(hedging.after() > 1min);
}

}  // namespace
}  // namespace beta::upstream
