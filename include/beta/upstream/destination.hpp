// Destination: the streams, connects and waiters of one route: a Slot's decisions carried out.
#pragma once

#include "beta/tor/connector.hpp"
#include "beta/upstream/pool.hpp"
#include "beta/upstream/slot.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace beta::upstream {

class Destination {
  public:
    Destination(PoolContext context, Route route);
    ~Destination();

    /// The same route, perhaps with certificates of now: for connects from here on.
    void renew(Route route) { route_ = std::move(route); }
    void borrow(Borrower& borrower);
    void cancel(Borrower& borrower);
    void give_back(PooledStream& stream, bool reusable);
    void closed_while_idle(PooledStream& stream);
    void expire_idle();
    void evict_idle();
    const Slot& slot() const noexcept { return slot_; }

  private:
    void carry_out(SlotAction action, model::Failure failure = model::Failure::none);
    void connect(StreamId id);
    void connected(StreamId id, std::expected<net::StreamHandle, model::Failure> outcome);
    bool suits(StreamId id, const Borrower& borrower) const;
    void hand(StreamId id, Borrower& borrower);
    void enqueue(WaiterId ticket, Borrower& borrower);
    Borrower& dequeue(WaiterId ticket);
    void destroy(StreamId id);
    Tick now() const noexcept;

    PoolContext context_;
    Route route_;
    Slot slot_;
    std::vector<std::unique_ptr<PooledStream>> streams_;       // by StreamId
    std::vector<std::unique_ptr<tor::Connector>> connectors_;  // by StreamId
    std::vector<Borrower*> waiters_;                           // by WaiterId
};

}  // namespace beta::upstream
