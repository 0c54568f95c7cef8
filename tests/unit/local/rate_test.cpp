#include "beta/local/rate.hpp"

#include <catch2/catch.hpp>

#include <thread>
#include <vector>

namespace beta::local {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a second's lines pass at once and then as many as the rate") {
    Rate rate(10);
    const auto start = 1h;
    for (int i = 0; i < 11; ++i)
        CHECK(rate.take(1, start) == 0s);
    CHECK(rate.take(1, start) == 100ms);
    CHECK(rate.take(1, start + 99ms) == 1ms);
    CHECK(rate.take(1, start + 100ms) == 0s);
    CHECK(rate.take(1, start + 100ms) == 100ms);
}

TEST_CASE("a batch of any size passes, and those after it wait for it") {
    Rate rate(10);
    CHECK(rate.take(100, 1h) == 0s);
    CHECK(rate.take(1, 1h) == 9s);
    CHECK(rate.take(1, 1h + 9s) == 0s);
}

TEST_CASE("time without lines earns no more than a second") {
    Rate rate(10);
    CHECK(rate.take(1, 1h) == 0s);
    CHECK(rate.take(20, 2h) == 0s);
    CHECK(rate.take(1, 2h) == 1s);
}

TEST_CASE("threads together get no more than the rate") {
    Rate rate(1000);
    std::atomic<int> taken = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 1000; ++k)
                taken += rate.take(1, 1h) == 0s ? 1 : 0;
        });
    threads.clear();
    CHECK(taken == 1001);
}

}  // namespace
}  // namespace beta::local
