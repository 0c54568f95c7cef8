#include "beta/trace/outbox.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using beta::trace::Answer;
using beta::trace::Outbox;
using Verdict = Answer::Verdict;

namespace {

constexpr Outbox::Terms terms{.queue_spans = 4, .batch_spans = 2, .flush = 5s, .give_up = 60s};

void fill(Outbox& outbox, int count, Outbox::Time now = 0s) {
    for (int i = 0; i < count; ++i)
        outbox.add("{" + std::to_string(i) + "}", now);
}

void check(const Outbox& outbox, std::uint64_t sent, std::uint64_t dropped, std::uint64_t refused) {
    CHECK(outbox.counts().sent == sent);
    CHECK(outbox.counts().dropped == dropped);
    CHECK(outbox.counts().refused == refused);
}

}  // namespace

TEST_CASE("a span waits for others, but not for longer than it may") {
    Outbox outbox(terms);
    CHECK_FALSE(outbox.due());
    fill(outbox, 1, 10s);
    CHECK(outbox.due() == 15s);
    fill(outbox, 1, 12s);
    CHECK(outbox.due() == 0s);  // a batch is there
    CHECK(outbox.take(12s) == "{0},{0}");
    CHECK_FALSE(outbox.due());
    outbox.answered({.verdict = Verdict::taken}, 13s);
    check(outbox, 2, 0, 0);
    CHECK_FALSE(outbox.due());
}

TEST_CASE("what comes while a batch is under way waits, and beyond the bound it is lost") {
    Outbox outbox(terms);
    fill(outbox, 2);
    outbox.take(0s);
    fill(outbox, 3);
    check(outbox, 0, 1, 0);
    outbox.answered({.verdict = Verdict::taken}, 1s);
    CHECK(outbox.due() == 0s);
    CHECK(outbox.take(1s) == "{0},{1}");
}

TEST_CASE("a batch that could not be sent is tried again, later each time, and then given up") {
    Outbox outbox(terms);
    fill(outbox, 2);
    auto now = 0ms;
    for (const auto pause : {1s, 2s, 4s, 8s, 16s}) {
        CHECK(outbox.take(now) == "{0},{1}");
        outbox.answered({.verdict = Verdict::later}, now);
        REQUIRE(outbox.due() == now + pause);
        now = *outbox.due();
    }
    outbox.take(now);
    outbox.answered({.verdict = Verdict::later}, now);  // at 31 s; the next try would be at 61 s
    check(outbox, 0, 2, 0);
    CHECK_FALSE(outbox.due());
    fill(outbox, 2, now);
    CHECK(outbox.due() == now + 30s);  // the pause holds for what comes behind it
}

TEST_CASE("a collector that names a time is not asked sooner") {
    Outbox outbox(terms);
    fill(outbox, 2);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::later, .after = 20s}, 1s);
    CHECK(outbox.due() == 21s);
    outbox.take(21s);
    outbox.answered({.verdict = Verdict::later, .after = 3'600s}, 21s);
    check(outbox, 0, 2, 0);
    fill(outbox, 2, 22s);
    CHECK(outbox.due() == 3'621s);
}

TEST_CASE("what the collector rejects is counted, and never more than was sent") {
    Outbox outbox(terms);
    fill(outbox, 4);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::taken, .rejected = 1}, 0s);
    check(outbox, 1, 0, 1);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::taken, .rejected = 99}, 0s);
    check(outbox, 1, 0, 3);
    fill(outbox, 2);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::refused}, 0s);
    check(outbox, 1, 0, 5);
}

TEST_CASE("what our own policy denies is dropped, and asked again after a minute only") {
    Outbox outbox(terms);
    fill(outbox, 4);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::denied}, 0s);
    check(outbox, 0, 4, 0);
    fill(outbox, 2, 1s);
    CHECK(outbox.due() == 60s);
}

TEST_CASE("at the end all that waits goes at once, and a failure ends it") {
    Outbox outbox(terms);
    fill(outbox, 3);
    outbox.finish();
    CHECK(outbox.due() == 0s);
    CHECK(outbox.take(0s) == "{0},{1}");
    CHECK_FALSE(outbox.is_done());
    outbox.answered({.verdict = Verdict::taken}, 0s);
    CHECK(outbox.take(0s) == "{2}");
    fill(outbox, 2);
    outbox.answered({.verdict = Verdict::later}, 0s);
    CHECK(outbox.is_done());
    check(outbox, 2, 3, 0);
}

TEST_CASE("at the end a batch that waits for another try is given up") {
    Outbox outbox(terms);
    fill(outbox, 3);
    outbox.take(0s);
    outbox.answered({.verdict = Verdict::later}, 0s);
    outbox.finish();
    CHECK(outbox.is_done());
    check(outbox, 0, 3, 0);
}

TEST_CASE("a batch of long spans ends at a mebibyte") {
    Outbox outbox({.queue_spans = 4, .batch_spans = 4, .flush = 5s, .give_up = 60s});
    for (int i = 0; i < 3; ++i)
        outbox.add(std::string(600 * 1024, 'x'), 0s);
    CHECK(outbox.due() == 5s);
    CHECK(outbox.take(5s).size() == 600 * 1024);
    outbox.answered({.verdict = Verdict::taken}, 5s);
    CHECK(outbox.take(5s).size() == 600 * 1024);
}
