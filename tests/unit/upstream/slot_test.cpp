#include "beta/upstream/slot.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace beta::upstream {
namespace {

using Kind = SlotAction::Kind;

constexpr SlotLimits roomy{.connections = 4, .idle = 4, .waiting = 4, .idle_time = 10};
constexpr SlotLimits narrow{.connections = 1, .idle = 1, .waiting = 2, .idle_time = 10};

const SlotAction nothing{};

SlotAction hand(StreamId stream, WaiterId waiter) {
    return {.kind = Kind::hand, .stream = stream, .waiter = waiter};
}

SlotAction use(StreamId stream) {
    return {.kind = Kind::use, .stream = stream};
}

SlotAction close(StreamId stream) {
    return {.kind = Kind::close, .stream = stream};
}

/// A busy stream, connected for the one who asked.
StreamId open_stream(Slot& slot) {
    const SlotAction action = slot.take();
    REQUIRE(action.kind == Kind::connect);
    REQUIRE(slot.connected(action.stream, 0) == hand(action.stream, action.waiter));
    return action.stream;
}

/// As many idle streams, which went idle at tick 0, 1, 2, …, in the order of the result.
std::vector<StreamId> open_idle(Slot& slot, std::size_t count) {
    std::vector<StreamId> streams;
    while (streams.size() < count)
        streams.push_back(open_stream(slot));
    for (std::size_t i = 0; i < count; ++i)
        REQUIRE(slot.released(streams[i], i) == nothing);
    return streams;
}

TEST_CASE("the first request connects and is handed the stream") {
    Slot slot(roomy);
    const SlotAction action = slot.take();
    CHECK(action.kind == Kind::connect);
    CHECK(slot.connecting() == 1);
    CHECK(slot.waiting() == 1);
    CHECK(slot.connected(action.stream, 0) == hand(action.stream, action.waiter));
    CHECK(slot.busy() == 1);
    CHECK(slot.waiting() == 0);
}

TEST_CASE("an idle stream is used before another is connected, the newest first") {
    Slot slot(roomy);
    const auto idle = open_idle(slot, 3);
    CHECK(slot.take() == use(idle[2]));
    CHECK(slot.take() == use(idle[1]));
    CHECK(slot.take() == use(idle[0]));
    CHECK(slot.take().kind == Kind::connect);
}

TEST_CASE("beyond the connections requests wait, and beyond the queue they are refused") {
    Slot slot(narrow);
    open_stream(slot);
    CHECK(slot.take().kind == Kind::wait);
    CHECK(slot.take().kind == Kind::wait);
    CHECK(slot.take().kind == Kind::refuse);
    CHECK(slot.waiting() == 2);
}

TEST_CASE("a request that a connect is under way for does not count against the queue") {
    Slot slot(narrow);
    CHECK(slot.take().kind == Kind::connect);
    CHECK(slot.take().kind == Kind::wait);
    CHECK(slot.take().kind == Kind::wait);
    CHECK(slot.take().kind == Kind::refuse);
}

TEST_CASE("a released stream goes to whoever has waited longest") {
    Slot slot(narrow);
    const StreamId stream = open_stream(slot);
    const WaiterId first = slot.take().waiter;
    const WaiterId second = slot.take().waiter;
    CHECK(slot.released(stream, 0) == hand(stream, first));
    CHECK(slot.released(stream, 0) == hand(stream, second));
    CHECK(slot.released(stream, 0) == nothing);
    CHECK(slot.idle() == 1);
}

TEST_CASE("a released stream overtakes a slow connect, whose stream is then kept") {
    Slot slot(roomy);
    const StreamId busy = open_stream(slot);
    const SlotAction slow = slot.take();
    REQUIRE(slow.kind == Kind::connect);
    CHECK(slot.released(busy, 0) == hand(busy, slow.waiter));
    CHECK(slot.connected(slow.stream, 0) == nothing);
    CHECK(slot.idle() == 1);
}

TEST_CASE("a spare connect serves the next request without a second one") {
    Slot slot(roomy);
    const SlotAction gone = slot.take();
    CHECK(slot.cancel(gone.waiter) == nothing);
    const SlotAction next = slot.take();
    CHECK(next.kind == Kind::wait);
    CHECK(slot.connecting() == 1);
    CHECK(slot.connected(gone.stream, 0) == hand(gone.stream, next.waiter));
}

TEST_CASE("a failed connect fails the one who has waited longest and nobody else") {
    Slot slot(roomy);
    const SlotAction first = slot.take();
    const SlotAction second = slot.take();
    const SlotAction failed = slot.connect_failed(second.stream);
    CHECK(failed.kind == Kind::fail);
    CHECK(failed.waiter == first.waiter);
    CHECK(slot.connected(first.stream, 0) == hand(first.stream, second.waiter));
}

TEST_CASE("a failed connect is tried again when more wait than connects are under way") {
    Slot slot(narrow);
    const SlotAction first = slot.take();
    const WaiterId second = slot.take().waiter;
    const SlotAction again = slot.connect_failed(first.stream);
    CHECK(again.kind == Kind::fail_reconnect);
    CHECK(again.stream == first.stream);
    CHECK(again.waiter == first.waiter);
    CHECK(slot.connecting() == 1);
    CHECK(slot.connected(again.stream, 0) == hand(again.stream, second));
}

TEST_CASE("a dead destination fails every request once and then stops connecting") {
    Slot slot(roomy);
    std::vector<StreamId> connecting;
    std::size_t asked = 0;
    for (; asked < 8; ++asked) {
        const SlotAction action = slot.take();
        if (action.kind == Kind::connect)
            connecting.push_back(action.stream);
    }
    std::size_t failed = 0;
    while (!connecting.empty()) {
        const SlotAction action = slot.connect_failed(connecting.back());
        ++failed;
        if (action.kind == Kind::fail)
            connecting.pop_back();
    }
    CHECK(failed == asked);
    CHECK(slot.waiting() == 0);
    CHECK(slot.connections() == 0);
}

TEST_CASE("a failed connect that nobody waits for fails nobody") {
    Slot slot(roomy);
    const SlotAction action = slot.take();
    slot.cancel(action.waiter);
    CHECK(slot.connect_failed(action.stream) == nothing);
    CHECK(slot.connections() == 0);
}

TEST_CASE("a closed busy stream makes room for a connect of those who wait") {
    Slot slot(narrow);
    const StreamId stream = open_stream(slot);
    const WaiterId waiter = slot.take().waiter;
    const SlotAction action = slot.closed(stream);
    CHECK(action.kind == Kind::connect);
    CHECK(slot.connected(action.stream, 0) == hand(action.stream, waiter));
}

TEST_CASE("a closed stream that nobody waits for is forgotten") {
    Slot slot(roomy);
    const auto idle = open_idle(slot, 2);
    CHECK(slot.closed(idle[1]) == nothing);
    CHECK(slot.take() == use(idle[0]));
    CHECK(slot.closed(idle[0]) == nothing);
    CHECK(slot.connections() == 0);
}

TEST_CASE("a waiter that gave up is passed over") {
    Slot slot(narrow);
    const StreamId stream = open_stream(slot);
    const WaiterId first = slot.take().waiter;
    const WaiterId second = slot.take().waiter;
    slot.cancel(first);
    CHECK(slot.released(stream, 0) == hand(stream, second));
}

TEST_CASE("a place in the queue that was given up is free for another") {
    Slot slot(narrow);
    open_stream(slot);
    slot.take();
    const WaiterId second = slot.take().waiter;
    REQUIRE(slot.take().kind == Kind::refuse);
    slot.cancel(second);
    CHECK(slot.take().kind == Kind::wait);
}

TEST_CASE("more idle streams than allowed are closed as they come back") {
    SlotLimits limits = roomy;
    limits.idle = 1;
    Slot slot(limits);
    const StreamId first = open_stream(slot), second = open_stream(slot);
    CHECK(slot.released(first, 0) == nothing);
    CHECK(slot.released(second, 0) == close(second));
    CHECK(slot.connections() == 1);
}

TEST_CASE("idle streams expire oldest first, at their time and not before") {
    Slot slot(roomy);
    const auto idle = open_idle(slot, 3);
    CHECK(slot.expire(9) == nothing);
    CHECK(slot.expire(10) == close(idle[0]));
    CHECK(slot.expire(10) == nothing);
    CHECK(slot.expire(12) == close(idle[1]));
    CHECK(slot.expire(12) == close(idle[2]));
    CHECK(slot.expire(1'000'000) == nothing);
}

TEST_CASE("a stream that was used again starts its idle time afresh") {
    Slot slot(roomy);
    const StreamId stream = open_idle(slot, 1)[0];
    REQUIRE(slot.take() == use(stream));
    slot.released(stream, 8);
    CHECK(slot.expire(17) == nothing);
    CHECK(slot.expire(18) == close(stream));
}

TEST_CASE("eviction closes every idle stream whatever its age and no busy one") {
    Slot slot(roomy);
    const auto idle = open_idle(slot, 3);
    REQUIRE(slot.take() == use(idle[2]));
    CHECK(slot.evict() == close(idle[0]));
    CHECK(slot.evict() == close(idle[1]));
    CHECK(slot.evict() == nothing);
    CHECK(slot.busy() == 1);
}

TEST_CASE("a stream that is warmed is idle once it is connected, and serves whoever comes first") {
    Slot slot(roomy);
    const SlotAction action = slot.warm();
    REQUIRE(action.kind == Kind::connect);
    CHECK(slot.warm() == nothing);  // one to spare is enough
    CHECK(slot.connected(action.stream, 0) == nothing);
    CHECK(slot.take() == use(action.stream));
}

TEST_CASE("a request that comes while a stream is warmed waits for that one") {
    Slot slot(roomy);
    const SlotAction action = slot.warm();
    const SlotAction taken = slot.take();
    CHECK(taken.kind == Kind::wait);
    CHECK(slot.connected(action.stream, 0) == hand(action.stream, taken.waiter));
}

TEST_CASE("no stream is warmed beyond the connections, nor where it could not stay") {
    Slot full(narrow);
    open_stream(full);
    CHECK(full.warm() == nothing);
    SlotLimits limits = roomy;
    limits.idle = 0;
    CHECK(Slot(limits).warm() == nothing);
}

TEST_CASE("a stream that cannot be warmed fails nobody") {
    Slot slot(roomy);
    CHECK(slot.connect_failed(slot.warm().stream) == nothing);
    CHECK(slot.connections() == 0);
}

TEST_CASE("stream ids stay below the limit however many streams come and go") {
    Slot slot(roomy);
    for (int i = 0; i < 100; ++i) {
        const StreamId stream = open_stream(slot);
        CHECK(stream < roomy.connections);
        slot.closed(stream);
    }
}

}  // namespace
}  // namespace beta::upstream
