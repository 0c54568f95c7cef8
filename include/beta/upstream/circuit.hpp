// Circuit: one of the circuits to a destination: its streams, connects and waiters; a Slot's
// decisions carried out.
#pragma once

#include "beta/tor/isolation.hpp"
#include "beta/upstream/dial.hpp"
#include "beta/upstream/pool.hpp"
#include "beta/upstream/slot.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace beta::upstream {

class Circuits;

/// What tells its streams from those of other circuits are their credentials towards tor. With a
/// new epoch connects get others, and so another circuit of tor's, while streams of the epoch
/// before serve on until the new one has a stream. Towards the app there is one, and no tor in it.
class Circuit {
  public:
    using Time = runtime::Worker::Clock::time_point;

    Circuit(PoolState& pool, Circuits& home, const Route& route, std::uint32_t number,
            SlotLimits limits);
    ~Circuit();
    Circuit(const Circuit&) = delete;
    Circuit& operator=(const Circuit&) = delete;

    /// The same route, perhaps with certificates of now: for connects from here on.
    void adopt(const Route& route);
    /// False when too many wait already; the borrower was not told.
    bool borrow(Borrower& borrower);
    void cancel(Borrower& borrower);
    /// Out of the queue; precondition: somebody waits.
    Borrower& take_first_waiter();
    void give_back(PooledStream& stream, bool reusable);
    void closed_while_idle(PooledStream& stream);
    /// A stream for whoever comes, when there is room for one and none is under way.
    void warm();
    void evict_idle();
    /// Left for a fresh one that is better, one hopes: it is slow, but serves until then.
    void replace();
    /// Its first stream, or that of its new epoch, is under way.
    bool begins() const noexcept { return !superseded_ && slot_.connecting() > 0; }
    /// Each second: what has idled too long, what has stalled, what the schedule says.
    void tick();

    // from its streams
    void asked(PooledStream& stream);
    void answered(PooledStream& stream);
    // from its dials
    void connected(StreamId id, std::expected<net::StreamHandle, model::Failure> outcome,
                   const tor::Epoch& epoch, Time began);
    void failed_on(const tor::Epoch& epoch, model::Failure failure);

    const Slot& slot() const noexcept { return slot_; }
    const Route& route() const noexcept { return route_; }
    const tor::Epoch& epoch() const noexcept { return epoch_; }
    Circuits& home() noexcept { return home_; }
    std::uint32_t number() const noexcept { return number_; }

  private:
    void carry_out(SlotAction action, model::Failure failure = model::Failure::none);
    void connect(StreamId id);
    void connect_failed(StreamId id, model::Failure failure, Time began);
    bool suits(StreamId id, const Borrower& borrower) const;
    void hand(StreamId id, Borrower& borrower);
    void enqueue(WaiterId ticket, Borrower& borrower);
    Borrower& dequeue(WaiterId ticket);
    void destroy(StreamId id);
    void expire_idle();
    Tick now() const noexcept;

    bool is_current(const PooledStream& stream) const noexcept;
    void set_epoch(const tor::Epoch& epoch);
    void renew(const tor::Epoch& epoch, telemetry::Renewal why);
    void leave_if_stalled();

    PoolState& pool_;
    Circuits& home_;
    Route route_;  // with the credentials of this epoch
    std::uint32_t number_;
    tor::Epoch epoch_;
    bool superseded_ = false;  // streams of epochs before are not used again
    Time last_answer_;
    Slot slot_;
    std::vector<std::unique_ptr<PooledStream>> streams_;  // by StreamId
    std::vector<std::unique_ptr<Dial>> dials_;            // by StreamId
    std::vector<Borrower*> waiters_;                      // by WaiterId
};

}  // namespace beta::upstream
