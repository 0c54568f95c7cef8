#include "beta/probe/pulse.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace beta;
using namespace std::chrono_literals;
using Catch::StartsWith;
using model::Failure;
using probe::Patience;
using probe::Pulse;

namespace {

constexpr Pulse::Time start{};

/// At each minute the same failure; at which of them the onion was to be published again.
std::vector<int> healed_at(Pulse& pulse, Failure failure, int minutes) {
    std::vector<int> at;
    for (int minute = 0; minute < minutes; ++minute) {
        const auto now = start + std::chrono::minutes{minute};
        if (!pulse.heard({failure, 1s}, now))
            continue;
        pulse.healed(now);
        at.push_back(minute);
    }
    return at;
}

}  // namespace

TEST_CASE("a try has the most time until one was measured, then what those took and as they vary") {
    Patience patience;
    CHECK(patience.limit() == Patience::most);
    patience.took(4s);
    CHECK(patience.limit() == 4s + 4 * 2s);
    for (int i = 0; i < 100; ++i)
        patience.took(7s);
    CHECK(patience.limit() > 6s);
    CHECK(patience.limit() < 8s);
}

TEST_CASE("the time of a try is never less than the least nor more than the most") {
    Patience patience;
    for (int i = 0; i < 100; ++i)
        patience.took(10ms);
    CHECK(patience.limit() == Patience::least);
    patience.ran_out();
    CHECK(patience.limit() == 2 * Patience::least);
    for (int i = 0; i < 10; ++i)
        patience.ran_out();
    CHECK(patience.limit() == Patience::most);
    patience.took(24h);
    CHECK(patience.limit() == Patience::most);
}

TEST_CASE("only what ran out of time is given more of it") {
    Pulse pulse(60s);
    pulse.heard({Failure::none, 1s}, start);
    pulse.heard({Failure::tor_unreachable, 0s}, start);
    CHECK(pulse.time_limit() == Patience::least);
    pulse.heard({Failure::connect_timeout, 5s}, start);
    CHECK(pulse.time_limit() == 2 * Patience::least);
}

TEST_CASE("the next try comes by chance within half the time either way") {
    const Pulse pulse(60s);
    CHECK(pulse.next(0) == 30s);
    CHECK(pulse.next(0.5) == 60s);
    CHECK(pulse.next(0.999) < 90s);
}

TEST_CASE("the third stale answer in a row asks to publish again, with ever longer pauses") {
    const auto failure = GENERATE(Failure::descriptor_not_found, Failure::introduction_failed,
                                  Failure::introduction_timeout);
    Pulse pulse(60s);
    CHECK(healed_at(pulse, failure, 90) == std::vector<int>{2, 22, 62});
}

TEST_CASE("what was asked for and not done is asked for again") {
    Pulse pulse(60s);
    CHECK(healed_at(pulse, Failure::descriptor_not_found, 2).empty());
    CHECK(pulse.heard({Failure::descriptor_not_found, 1s}, start));
    CHECK(pulse.heard({Failure::descriptor_not_found, 1s}, start));
    pulse.healed(start);
    CHECK_FALSE(pulse.heard({Failure::descriptor_not_found, 1s}, start));
}

TEST_CASE("the pauses have an end, and a success begins anew") {
    Pulse pulse(60s);
    const auto at = healed_at(pulse, Failure::introduction_failed, 1000);
    CHECK(at.back() - at[at.size() - 2] == 120);
    pulse.heard({Failure::none, 1s}, start + 1000min);
    CHECK(healed_at(pulse, Failure::introduction_failed, 4) == std::vector<int>{2});
}

TEST_CASE("what says nothing of the descriptor asks for nothing, and ends the row") {
    const auto other = GENERATE(Failure::tor_unreachable, Failure::upstream_timeout,
                                Failure::rendezvous_failed, Failure::peer_untrusted);
    Pulse pulse(60s);
    CHECK(healed_at(pulse, other, 24).empty());
    CHECK(healed_at(pulse, Failure::descriptor_not_found, 2).empty());
    CHECK_FALSE(pulse.heard({other, 1s}, start));
    CHECK(healed_at(pulse, Failure::descriptor_not_found, 2).empty());
}

TEST_CASE("a time that ran out leaves the row as it is, and counts once it was long") {
    Pulse pulse(60s);
    CHECK(healed_at(pulse, Failure::descriptor_not_found, 2).empty());
    CHECK_FALSE(pulse.heard({Failure::connect_timeout, 20s}, start));
    CHECK(pulse.heard({Failure::connect_timeout, 40s}, start));
}

TEST_CASE("while callers come by the onion it is published again only after a longer row") {
    Pulse pulse(60s);
    const auto heard = [&](std::uint64_t callers) {
        return pulse.heard({Failure::introduction_failed, 1s, callers}, start);
    };
    pulse.heard({Failure::none, 1s, 7}, start);
    CHECK_FALSE(heard(8));  // who came since the success, came before the row
    CHECK_FALSE(heard(9));
    for (int row = 3; row < 10; ++row)
        CHECK_FALSE(heard(9));
    CHECK(heard(9));
    pulse.heard({Failure::none, 1s, 9}, start);
    CHECK_FALSE(heard(9));
    CHECK_FALSE(heard(9));
    CHECK(heard(9));
}

TEST_CASE("a person reads how it went, and the latency of the last success stays") {
    Pulse pulse(60s);
    CHECK(pulse.words() == "not tried yet");
    CHECK_FALSE(pulse.has_result());
    pulse.heard({Failure::none, 812ms}, start);
    CHECK(pulse.words() == "reached in 812 ms");
    CHECK(pulse.succeeds());
    pulse.heard({Failure::rendezvous_failed, 1s}, start);
    CHECK_THAT(pulse.words(), StartsWith("degraded: not reached 1 time: rendezvous"));
    pulse.heard({Failure::rendezvous_failed, 1s}, start);
    CHECK_THAT(pulse.words(), StartsWith("degraded: not reached 2 times in a row: "));
    pulse.heard({Failure::connect_timeout, 5s}, start);
    CHECK(pulse.words() == "degraded: not reached 3 times in a row: no answer within 5000 ms");
    CHECK(pulse.failures_in_a_row() == 3);
    CHECK(pulse.latency() == 812ms);
}
