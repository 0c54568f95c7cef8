// Slot: the bookkeeping of one worker's connection pool for ONE destination, without socket or
// clock.
#pragma once

#include "beta/upstream/index_list.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace beta::upstream {

/// Small integers, given out by the Slot and used again once their stream or waiter is gone, so
/// that the pool can keep its streams and callbacks in two vectors.
using StreamId = std::uint32_t;  // < limits.connections
using WaiterId = std::uint32_t;  // < limits.connections + limits.waiting

/// Coarse time, in whatever step the caller's timer wheel has. Never goes back.
using Tick = std::uint64_t;

struct SlotLimits {
    std::size_t connections = 0;  // connecting, busy and idle together; at least 1
    std::size_t idle = 0;
    std::size_t waiting = 0;  // requests queued beyond those that a connect is under way for
    Tick idle_time = 0;
};

/// What the pool does next: exactly one thing.
struct SlotAction {
    enum class Kind : std::uint8_t {
        nothing,
        use,             // take() only: `stream` is the caller's, at once
        connect,         // start a connect as `stream`; from take(): and wait as `waiter`
        wait,            // take() only: as `waiter`
        refuse,          // take() only: too many wait already
        hand,            // `stream` now belongs to `waiter`, who waits no more
        close,           // close `stream`; its id is free
        fail,            // `waiter` fails with the connect's failure
        fail_reconnect,  // the same, and start another connect as `stream` for those behind it
    };

    Kind kind = Kind::nothing;
    StreamId stream = 0;
    WaiterId waiter = 0;

    friend bool operator==(const SlotAction&, const SlotAction&) = default;
};

/// A connect belongs to the queue, not to the request that caused it: whoever has waited longest
/// gets the next stream, whether freshly connected or released. So a request is never stuck behind
/// its own slow connect while others finish, and a stream whose waiter is gone is kept warm instead
/// of lost.
///
/// A failed connect fails exactly one request, the one that has waited longest: a dead destination
/// drains its queue as fast as its connects fail, and nobody outlives more failures than stood
/// before him.
///
/// Idle streams are used newest first, so that the surplus ages and expires. Not thread-safe.
class Slot {
  public:
    explicit Slot(SlotLimits limits);

    /// A request wants a stream: use, connect, wait or refuse.
    SlotAction take();
    /// A connect succeeded: hand, nothing (now idle) or close (too many idle).
    SlotAction connected(StreamId stream, Tick now);
    /// A connect failed; its id is free unless it is named again: fail, fail_reconnect or nothing.
    SlotAction connect_failed(StreamId stream);
    /// A busy stream's request is over and it may serve another: hand, nothing or close.
    SlotAction released(StreamId stream, Tick now);
    /// A busy or idle stream has been closed (not reusable, or found dead): connect or nothing.
    SlotAction closed(StreamId stream);
    /// A waiter gave up: nothing. Its connect goes on, for the next. Only for one that still waits:
    /// the id of one that was handed a stream or failed may be another's already.
    SlotAction cancel(WaiterId waiter);
    /// A stream is wanted that nobody waits for: connect, or nothing when one is under way to spare
    /// or there is no room.
    SlotAction warm();
    /// Close, for the oldest idle stream whose time is up. Call again until it says nothing.
    SlotAction expire(Tick now);
    /// Close, for the oldest idle stream whatever its age: draining. Call again until nothing.
    SlotAction evict();

    /// A stream, or a connect, at once: without waiting for another request's end.
    bool has_room() const noexcept { return !idle_.empty() || may_connect(); }
    /// Waits for the end of another request, not for a connect; the one that has waited longest is
    /// the first.
    bool keeps_waiting() const noexcept { return waiters_.size() > connecting_; }
    WaiterId first_waiter() const noexcept { return waiters_.front(); }  // precondition: one waits

    std::size_t idle() const noexcept { return idle_.size(); }
    std::size_t busy() const noexcept { return busy_; }
    std::size_t connecting() const noexcept { return connecting_; }
    std::size_t waiting() const noexcept { return waiters_.size(); }
    std::size_t connections() const noexcept { return idle() + busy() + connecting(); }

  private:
    enum class State : std::uint8_t { free, connecting, busy, idle };

    struct Stream {
        State state = State::free;
        Tick idle_since = 0;
    };

    bool may_connect() const noexcept;
    StreamId begin_connect();
    SlotAction ready(StreamId stream, Tick now);
    SlotAction close_oldest();
    void free_stream(StreamId stream);
    WaiterId enqueue();
    WaiterId dequeue();

    SlotLimits limits_;
    std::vector<Stream> streams_;  // grows to the most there ever were
    std::vector<StreamId> free_streams_;
    std::vector<WaiterId> free_waiters_;
    WaiterId next_waiter_ = 0;
    IndexList idle_;     // oldest first
    IndexList waiters_;  // longest waiting first
    std::size_t busy_ = 0;
    std::size_t connecting_ = 0;
};

}  // namespace beta::upstream
