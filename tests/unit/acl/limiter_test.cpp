#include "beta/acl/limiter.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

namespace beta::acl {
namespace {

using namespace std::chrono_literals;

constexpr Limit ten_a_second{.interval = 100ms, .burst = 3, .per = Limit::Per::source};
constexpr auto start = std::chrono::hours(5);

TEST_CASE("a burst passes at once, then one request each interval") {
    Limiter limiter;
    CHECK(limiter.take(1, ten_a_second, start).remaining == 2);
    CHECK(limiter.take(1, ten_a_second, start).remaining == 1);
    CHECK(limiter.take(1, ten_a_second, start).remaining == 0);
    const auto refused = limiter.take(1, ten_a_second, start);
    CHECK_FALSE(refused.passes);
    CHECK(refused.retry_after == 100ms);
    CHECK_FALSE(limiter.take(1, ten_a_second, start + 99ms).passes);
    CHECK(limiter.take(1, ten_a_second, start + 100ms).passes);
    CHECK_FALSE(limiter.take(1, ten_a_second, start + 100ms).passes);
}

TEST_CASE("a refused request uses up nothing") {
    Limiter limiter;
    for (int i = 0; i < 100; ++i)
        limiter.take(1, ten_a_second, start);
    CHECK(limiter.take(1, ten_a_second, start).retry_after == 100ms);
    CHECK(limiter.take(1, ten_a_second, start + 100ms).passes);
}

TEST_CASE("time unused fills the burst up again and no further") {
    Limiter limiter;
    for (int i = 0; i < 3; ++i)
        limiter.take(1, ten_a_second, start);
    CHECK(limiter.take(1, ten_a_second, start + 24h).remaining == 2);
}

TEST_CASE("keys do not share what they use") {
    Limiter limiter;
    for (int i = 0; i < 3; ++i)
        limiter.take(1, ten_a_second, start);
    CHECK_FALSE(limiter.take(1, ten_a_second, start).passes);
    CHECK(limiter.take(2, ten_a_second, start).passes);
    CHECK(limiter.take(0, ten_a_second, start).passes);
}

TEST_CASE("over a long time exactly rate times time and one burst pass") {
    Limiter limiter;
    int passed = 0;
    for (auto at = 0ms; at < 10s; at += 7ms)
        passed += limiter.take(1, ten_a_second, start + at).passes ? 1 : 0;
    CHECK(passed == 3 + 99);
}

TEST_CASE("the largest limit of the language does not overflow") {
    Limiter limiter;
    const Limit widest{.interval = 1h, .burst = 1'000'000};
    CHECK(limiter.take(1, widest, 24h * 365 * 30).remaining == 999'999);
    const Limit finest{.interval = 1us, .burst = 1};
    CHECK(limiter.take(2, finest, start).passes);
    CHECK(limiter.take(2, finest, start).retry_after == 1us);
}

TEST_CASE("a full table refuses further keys and forgets only what no longer counts") {
    Limiter limiter(64);
    for (std::uint64_t key = 1; key <= 64; ++key)
        REQUIRE(limiter.take(key, ten_a_second, start).passes);
    CHECK_FALSE(limiter.take(65, ten_a_second, start).passes);
    CHECK(limiter.take(64, ten_a_second, start).remaining == 1);
    for (std::uint64_t key = 65; key <= 128; ++key)
        REQUIRE(limiter.take(key, ten_a_second, start + 2s).passes);
    CHECK(limiter.take(100, ten_a_second, start + 2s).remaining == 1);
}

TEST_CASE("many threads together let through what one would") {
    Limiter limiter(64);
    const Limit limit{.interval = 1h, .burst = 5000};
    std::atomic<int> passed{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            for (int k = 0; k < 4000; ++k)
                passed += limiter.take(7, limit, start).passes ? 1 : 0;
        });
    threads.clear();
    CHECK(passed == 5000);
}

TEST_CASE("many threads that bring new keys into a full table count each of them exactly") {
    Limiter limiter(64);
    const Limit limit{.interval = 1ms, .burst = 10};
    for (int round = 0; round < 200; ++round) {
        const auto now = start + std::chrono::seconds(2 * round);
        std::atomic<int> passed{0};
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                for (std::uint64_t key = 1; key <= 20; ++key)
                    for (int k = 0; k < 5; ++k)
                        passed +=
                            limiter.take(static_cast<std::uint64_t>(round) * 1000 + key, limit, now)
                                    .passes
                                ? 1
                                : 0;
            });
        threads.clear();
        REQUIRE(passed == 200);
    }
}

}  // namespace
}  // namespace beta::acl
