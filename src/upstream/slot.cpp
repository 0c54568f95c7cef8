#include "beta/upstream/slot.hpp"

#include <cassert>

namespace beta::upstream {

using Kind = SlotAction::Kind;

Slot::Slot(SlotLimits limits) : limits_(limits) {
    assert(limits.connections > 0);
}

SlotAction Slot::take() {
    if (!idle_.empty()) {
        const StreamId stream = idle_.pop_back();
        streams_[stream].state = State::busy;
        ++busy_;
        return {.kind = Kind::use, .stream = stream};
    }
    const bool connect_to_spare = waiters_.size() < connecting_;
    if (!connect_to_spare && may_connect())
        return {.kind = Kind::connect, .stream = begin_connect(), .waiter = enqueue()};
    if (connect_to_spare || waiters_.size() < connecting_ + limits_.waiting)
        return {.kind = Kind::wait, .waiter = enqueue()};
    return {.kind = Kind::refuse};
}

SlotAction Slot::connected(StreamId stream, Tick now) {
    assert(streams_[stream].state == State::connecting);
    --connecting_;
    return ready(stream, now);
}

SlotAction Slot::connect_failed(StreamId stream) {
    assert(streams_[stream].state == State::connecting);
    if (waiters_.empty()) {
        --connecting_;
        free_stream(stream);
        return {};
    }
    const WaiterId waiter = dequeue();
    if (waiters_.size() >= connecting_)  // as many as before still want it, this one included
        return {.kind = Kind::fail_reconnect, .stream = stream, .waiter = waiter};
    --connecting_;
    free_stream(stream);
    return {.kind = Kind::fail, .waiter = waiter};
}

SlotAction Slot::released(StreamId stream, Tick now) {
    assert(streams_[stream].state == State::busy);
    --busy_;
    return ready(stream, now);
}

SlotAction Slot::closed(StreamId stream) {
    if (streams_[stream].state == State::idle) {
        idle_.remove(stream);
    } else {
        assert(streams_[stream].state == State::busy);
        --busy_;
    }
    free_stream(stream);
    if (waiters_.size() <= connecting_)
        return {};
    return {.kind = Kind::connect, .stream = begin_connect()};
}

SlotAction Slot::cancel(WaiterId waiter) {
    if (waiters_.contains(waiter)) {
        waiters_.remove(waiter);
        free_waiters_.push_back(waiter);
    }
    return {};
}

SlotAction Slot::warm() {
    const bool connect_to_spare = waiters_.size() < connecting_;
    if (connect_to_spare || !may_connect() || idle_.size() >= limits_.idle)
        return {};
    return {.kind = Kind::connect, .stream = begin_connect()};
}

SlotAction Slot::expire(Tick now) {
    if (idle_.empty() || now - streams_[idle_.front()].idle_since < limits_.idle_time)
        return {};
    return close_oldest();
}

SlotAction Slot::evict() {
    return idle_.empty() ? SlotAction{} : close_oldest();
}

bool Slot::may_connect() const noexcept {
    return connections() < limits_.connections;
}

StreamId Slot::begin_connect() {
    ++connecting_;
    if (free_streams_.empty()) {
        streams_.push_back({.state = State::connecting});
        return static_cast<StreamId>(streams_.size() - 1);
    }
    const StreamId stream = free_streams_.back();
    free_streams_.pop_back();
    streams_[stream].state = State::connecting;
    return stream;
}

/// The stream, counted nowhere at this moment, goes to the longest waiting, else to the idle ones.
SlotAction Slot::ready(StreamId stream, Tick now) {
    if (!waiters_.empty()) {
        streams_[stream].state = State::busy;
        ++busy_;
        return {.kind = Kind::hand, .stream = stream, .waiter = dequeue()};
    }
    if (idle_.size() >= limits_.idle) {
        free_stream(stream);
        return {.kind = Kind::close, .stream = stream};
    }
    streams_[stream] = {.state = State::idle, .idle_since = now};
    idle_.push_back(stream);
    return {};
}

SlotAction Slot::close_oldest() {
    const StreamId stream = idle_.pop_front();
    free_stream(stream);
    return {.kind = Kind::close, .stream = stream};
}

void Slot::free_stream(StreamId stream) {
    streams_[stream].state = State::free;
    free_streams_.push_back(stream);
}

WaiterId Slot::enqueue() {
    WaiterId waiter = next_waiter_;
    if (free_waiters_.empty()) {
        ++next_waiter_;
    } else {
        waiter = free_waiters_.back();
        free_waiters_.pop_back();
    }
    waiters_.push_back(waiter);
    return waiter;
}

WaiterId Slot::dequeue() {
    const WaiterId waiter = waiters_.pop_front();
    free_waiters_.push_back(waiter);
    return waiter;
}

}  // namespace beta::upstream
