#include "beta/upstream/picker.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <random>
#include <vector>

namespace beta::upstream {
namespace {

using namespace std::chrono_literals;

constexpr Picker::Time memory = 10s;
constexpr Picker::Time patience = 60s;

using Candidates = std::vector<Picker::Candidate>;

const Candidates two{{.usable = true}, {.usable = true}};

/// How often each was picked, whatever the random bits.
std::vector<int> picks(const Picker& picker, const Candidates& candidates, Picker::Time now) {
    std::vector<int> counts(candidates.size());
    for (std::uint32_t random = 0; random < 600; ++random)
        ++counts[picker.pick(candidates, now, random)];
    return counts;
}

struct Row {
    const char* name;
    std::array<int, 2> latencies;  // milliseconds; 0: not known
    std::array<std::size_t, 2> outstanding;
    std::size_t picked;
};

TEST_CASE("the better one is picked by latency and by how many wait for it") {
    const auto row = GENERATE(values<Row>({
        {"the faster", {20, 300}, {0, 0}, 0},
        {"the faster, second", {300, 20}, {0, 0}, 1},
        {"the idle one of equals", {20, 20}, {1, 0}, 1},
        {"the faster though some wait", {20, 300}, {50, 0}, 0},
        {"the slower when too many wait", {20, 300}, {60, 0}, 1},
        {"one of which nothing is known, before a busy one", {20, 0}, {1, 0}, 1},
        {"the known one, before a busy one of which nothing is known", {20, 0}, {0, 1}, 0},
        {"of two unknown ones the idle one", {0, 0}, {3, 2}, 1},
    }));
    DYNAMIC_SECTION(row.name) {
        Picker picker(2, memory, patience);
        Candidates candidates = two;
        for (std::size_t i = 0; i < 2; ++i) {
            candidates[i].outstanding = row.outstanding[i];
            if (row.latencies[i] > 0)
                picker.answered(i, std::chrono::milliseconds(row.latencies[i]), 0s);
        }
        CHECK(picks(picker, candidates, 0s)[row.picked] == 600);
    }
}

TEST_CASE("what is not usable is never picked") {
    Picker picker(4, memory, patience);
    const Candidates candidates{{}, {.usable = true, .outstanding = 900}, {}, {.usable = true}};
    picker.answered(0, 1ms, 0s);
    picker.answered(1, 900ms, 0s);
    const auto counts = picks(picker, candidates, 0s);
    CHECK(counts == std::vector<int>{0, 0, 0, 600});
    CHECK(picks(picker, {{}, {}, {.usable = true}, {}}, 0s)[2] == 600);
}

TEST_CASE("two are drawn: the worst of three is never picked, the second best at times") {
    Picker picker(3, memory, patience);
    picker.answered(0, 10ms, 0s);
    picker.answered(1, 12ms, 0s);
    picker.answered(2, 15ms, 0s);
    const auto counts = picks(picker, {{true, 0}, {true, 0}, {true, 0}}, 0s);
    CHECK(counts == std::vector<int>{400, 200, 0});
}

TEST_CASE("several slow circuits are never drawn together while one is fast") {
    Picker picker(4, memory, patience);
    picker.answered(0, 150ms, 0s);
    for (const std::size_t slow : {1uz, 2uz, 3uz})
        picker.answered(slow, 440ms, 0s);
    Candidates candidates(4, {.usable = true});
    CHECK(picks(picker, candidates, 0s)[0] == 600);
    candidates[0].outstanding = 4;
    CHECK(picks(picker, candidates, 0s)[0] == 600);
    candidates[0].outstanding = 40;
    CHECK(picks(picker, candidates, 0s)[0] == 0);
}

TEST_CASE("of a circuit that is not known one request is to find out, while others serve") {
    Picker picker(2, memory, patience);
    picker.answered(0, 100ms, 0s);
    CHECK(picks(picker, {{true, 1}, {true, 0}}, 0s)[1] == 600);
    CHECK(picks(picker, {{true, 3}, {true, 1}}, 0s)[0] == 600);
    CHECK(picks(picker, {{true, 5}, {true, 1}}, 0s)[1] == 600);  // never when too many wait
}

TEST_CASE("a stream to be opened costs a round trip more, however many wait") {
    Picker picker(2, memory, patience);
    picker.answered(0, 100ms, 0s);
    picker.answered(1, 180ms, 0s);
    CHECK(picks(picker, {{true, 0, true}, {true, 0}}, 0s)[1] == 600);
    picker.answered(1, 300ms, 0s);
    CHECK(picks(picker, {{true, 3, true}, {true, 0}}, 0s)[0] == 600);
}

TEST_CASE("a peak is taken at once and forgotten slowly") {
    Picker picker(1, memory, patience);
    picker.answered(0, 20ms, 0s);
    picker.answered(0, 500ms, 1s);
    CHECK(picker.estimate(0, 1s) == 500ms);
    picker.answered(0, 20ms, 2s);
    CHECK(picker.estimate(0, 2s) > 400ms);
    CHECK(picker.estimate(0, 2s) < 500ms);
    for (int i = 3; i < 60; ++i)
        picker.answered(0, 20ms, std::chrono::seconds(i));
    CHECK(picker.estimate(0, 60s) < 25ms);
}

TEST_CASE("a wait that was given up counts only when it was longer than what is known") {
    Picker picker(1, memory, patience);
    picker.answered(0, 100ms, 0s);
    picker.unanswered(0, 50ms, 0s);
    CHECK(picker.estimate(0, 0s) == 100ms);
    picker.unanswered(0, 5s, 0s);
    CHECK(picker.estimate(0, 0s) == 5s);
}

TEST_CASE("a circuit that stands in another's place begins with nothing known") {
    Picker picker(2, memory, patience);
    picker.answered(0, 5s, 0s);
    picker.answered(1, 20ms, 0s);
    picker.forget(0);
    CHECK_FALSE(picker.known(0));
    CHECK(picks(picker, {{true, 0}, {true, 1}}, 0s)[0] == 600);
}

TEST_CASE("a slow circuit is forgiven once nothing was heard of it for long enough") {
    Picker picker(2, memory, patience);
    picker.answered(0, 2s, 0s);
    const auto at = [&](Picker::Time now) {
        picker.answered(1, 20ms, now);
        return picks(picker, two, now)[0];
    };
    CHECK(at(1s) == 0);
    CHECK(at(240s) == 0);
    CHECK(at(300s) == 600);  // 2 s · e^-5 = 13 ms
    picker.answered(0, 20ms, 300s);
    CHECK(picker.estimate(0, 300s) < 25ms);  // one answer will do after so long
}

/// A circuit that answered in 100 ms, beside one that does still, when it has become slow.
struct TurnedSlow {
    Picker picker{2, memory, patience};

    TurnedSlow() {
        at(1s, 0, 100ms);
        at(1s, 1, 100ms);
    }
    void at(Picker::Time now, std::size_t circuit, Picker::Time latency) {
        picker.answered(circuit, latency, now);
    }
};

TEST_CASE("a circuit is left behind when it was far worse than another, twice") {
    TurnedSlow slow;
    slow.at(2s, 0, 500ms);
    CHECK_FALSE(slow.picker.left_behind(0));
    slow.at(3s, 1, 100ms);
    slow.at(4s, 0, 500ms);
    CHECK(slow.picker.left_behind(0));
    CHECK_FALSE(slow.picker.left_behind(1));
    slow.picker.forget(0);
    CHECK_FALSE(slow.picker.left_behind(0));
}

TEST_CASE("a circuit that was given up counts as far worse, once its answer was that late") {
    TurnedSlow slow;
    slow.at(2s, 0, 500ms);
    slow.picker.unanswered(0, 150ms, 3s);
    CHECK_FALSE(slow.picker.left_behind(0));
    slow.picker.unanswered(0, 300ms, 3s);
    CHECK(slow.picker.left_behind(0));
}

TEST_CASE("no circuit is left behind for what is not its way's fault") {
    TurnedSlow slow;
    SECTION("the destination is slow by all") {
        slow.at(2s, 1, 500ms);
        slow.at(3s, 0, 500ms);
        slow.at(4s, 1, 500ms);
        slow.at(5s, 0, 500ms);
    }
    SECTION("one request is slow, and the next is not") {
        slow.at(2s, 0, 500ms);
        slow.at(3s, 0, 100ms);
        slow.at(4s, 0, 500ms);
    }
    SECTION("several that were asked together meet one slow moment") {
        for (int i = 0; i < 5; ++i)
            slow.at(2s + i * 50ms, 0, 500ms);
    }
    SECTION("nothing was heard of another for long") {
        slow.at(30s, 0, 500ms);
        slow.at(31s, 0, 500ms);
    }
    SECTION("it is worse, but not far") {
        slow.at(2s, 0, 190ms);
        slow.at(3s, 0, 190ms);
    }
    CHECK_FALSE(slow.picker.left_behind(0));
    CHECK_FALSE(slow.picker.left_behind(1));
}

TEST_CASE("where all became slow a fresh circuit may be better, until some are not") {
    TurnedSlow slow;
    using Sure = Picker::Sure;
    slow.at(2s, 0, 500ms);
    CHECK_FALSE(slow.picker.all_were_better(Sure::no));  // the other was not heard of since
    slow.at(3s, 1, 500ms);
    CHECK(slow.picker.all_were_better(Sure::no));
    CHECK_FALSE(slow.picker.all_were_better(Sure::yes));
    slow.at(4s, 0, 600ms);
    slow.at(5s, 1, 500ms);
    CHECK(slow.picker.all_were_better(Sure::yes));
    CHECK(slow.picker.slowest() == 0);
    SECTION("a fresh one is to be waited for, and is hoped to be as good as any was") {
        slow.picker.forget(0);
        CHECK_FALSE(slow.picker.all_were_better(Sure::yes));
        CHECK(picks(slow.picker, two, 6s)[0] == 600);
    }
    SECTION("one that is as good as before ends it") {
        slow.at(6s, 0, 150ms);
        CHECK_FALSE(slow.picker.all_were_better(Sure::no));
    }
    SECTION("after some fresh ones that are as slow it is the destination") {
        int fresh = 0;
        for (auto now = 6s; slow.picker.all_were_better(Sure::yes) && fresh < 10; now += 2s) {
            slow.picker.forget(0);
            ++fresh;
            slow.at(now, 0, 500ms);
            slow.at(now + 1s, 0, 500ms);
        }
        CHECK(fresh >= 2);
        CHECK(fresh <= 4);
    }
    SECTION("what was is forgotten in time") {
        for (auto now = 10s; now < 60s; now += 1s) {
            slow.at(now, 0, 500ms);
            slow.at(now, 1, 500ms);
        }
        CHECK_FALSE(slow.picker.all_were_better(Sure::no));
    }
}

TEST_CASE("what is late by a few milliseconds is not worth a fresh circuit") {
    Picker picker(1, memory, patience);
    picker.answered(0, 5ms, 1s);
    picker.answered(0, 95ms, 2s);
    CHECK_FALSE(picker.all_were_better(Picker::Sure::no));
    picker.answered(0, 120ms, 3s);
    CHECK(picker.all_were_better(Picker::Sure::no));
}

TEST_CASE("a circuit is behind from its first bad answer to its next good one") {
    TurnedSlow slow;
    CHECK_FALSE(slow.picker.is_behind(0));
    slow.at(2s, 0, 500ms);
    CHECK(slow.picker.is_behind(0));
    slow.at(3s, 0, 110ms);
    CHECK_FALSE(slow.picker.is_behind(0));
}

/// Circuits that answer after the time that is set, one request at a time.
struct Trial {
    Picker picker;
    std::vector<Picker::Time> latencies;
    std::mt19937 random;
    Picker::Time now{};
    std::vector<int> counts = std::vector<int>(latencies.size());

    Trial(std::vector<Picker::Time> given, unsigned seed)
        : picker(given.size(), memory, patience), latencies(std::move(given)), random(seed) {}

    void ask() {
        const Candidates idle(latencies.size(), {.usable = true});
        const auto at = picker.pick(idle, now, static_cast<std::uint32_t>(random()));
        ++counts[at];
        const auto spread = latencies[at] / 4;
        const auto latency = latencies[at] + Picker::Time(static_cast<long>(random() % 1000)) *
                                                 spread.count() / 1000;
        now += latency;
        picker.answered(at, latency, now);
    }
};

TEST_CASE("requests find the fast circuits, come back after a change, and starve none") {
    const auto seed = GENERATE(range(1U, 9U));
    Trial trial({30ms, 700ms, 30ms}, seed);
    for (int i = 0; i < 16'000; ++i)
        trial.ask();
    CHECK(trial.counts[1] >= 2);  // it may have become fast: it is asked now and then
    CHECK(trial.counts[1] < 16);  // 0.1 %
    CHECK(trial.counts[0] > 400);
    CHECK(trial.counts[2] > 400);

    trial.latencies = {700ms, 30ms, 700ms};
    trial.counts.assign(3, 0);
    for (int i = 0; i < 4'000; ++i)
        trial.ask();
    CHECK(trial.counts[1] > 3'000);
}

TEST_CASE("the same random bits give the same picks") {
    Trial one({30ms, 70ms, 50ms, 40ms}, 5);
    Trial other({30ms, 70ms, 50ms, 40ms}, 5);
    for (int i = 0; i < 500; ++i) {
        one.ask();
        other.ask();
    }
    CHECK(one.counts == other.counts);
    CHECK(one.now == other.now);
}

}  // namespace
}  // namespace beta::upstream
