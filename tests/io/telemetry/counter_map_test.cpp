#include "beta/telemetry/counter_map.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>

using beta::telemetry::CounterMap;

TEST_CASE("counts add up by key, as in an ordered map") {
    CounterMap counters(10'000, ~0ull);
    std::map<std::uint64_t, std::uint64_t> model;
    std::mt19937_64 random(7);  // NOLINT: the same keys every time
    for (int i = 0; i < 20'000; ++i) {
        const auto key = (random() % 3000) << (random() % 3 * 16);
        const auto count = random() % 5;
        counters.add(key, count);
        if (count > 0)
            model[key] += count;
    }
    std::map<std::uint64_t, std::uint64_t> seen;
    counters.for_each([&](auto key, auto count) { REQUIRE(seen.emplace(key, count).second); });
    CHECK(seen == model);
    CHECK(counters.size() == model.size());
    for (const auto& [key, count] : model)
        REQUIRE(counters.at(key) == count);
}

TEST_CASE("key zero is a key like any other") {
    CounterMap counters(10, ~0ull);
    CHECK(counters.at(0) == 0);
    counters.add(0);
    counters.add(0);
    CHECK(counters.at(0) == 2);
    CHECK(counters.size() == 1);
}

TEST_CASE("a key that was never counted is zero and takes no room") {
    CounterMap counters(10, ~0ull);
    counters.add(5, 0);
    CHECK(counters.at(5) == 0);
    CHECK(counters.size() == 0);
}

TEST_CASE("beyond its capacity new keys count as the overflow key") {
    CounterMap counters(100, 777);
    for (std::uint64_t key = 1000; key < 1'001'000; ++key)
        counters.add(key);
    CHECK(counters.size() == 101);
    CHECK(counters.at(1000) == 1);
    CHECK(counters.at(777) == 1'000'000 - 100);
    counters.add(1000);
    CHECK(counters.at(1000) == 2);
}
