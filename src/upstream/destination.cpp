#include "beta/upstream/destination.hpp"

#include <utility>

namespace beta::upstream {
namespace {

using model::Failure;
using Kind = SlotAction::Kind;

SlotLimits slot_limits(const config::Limits& limits) noexcept {
    return {.connections = limits.upstream_connections,
            .idle = limits.upstream_idle,
            .waiting = limits.upstream_waiting,
            .idle_time = static_cast<Tick>(limits.upstream_idle_time / runtime::TimerWheel::tick)};
}

template <class Value>
Value& at_grown(std::vector<Value>& values, std::size_t index) {
    if (values.size() <= index)
        values.resize(index + 1);
    return values[index];
}

}  // namespace

PooledStream::PooledStream(Destination& home, StreamId id, net::StreamHandle stream)
    : home_(home), id_(id), stream_(std::move(stream)) {}

void PooledStream::stream_ready() {
    if (!stream_->still_idle())
        home_.closed_while_idle(*this);  // destroys this
}

Destination::Destination(PoolContext context, Route route)
    : context_(context), route_(std::move(route)), slot_(slot_limits(context.limits)) {}

Destination::~Destination() {
    for (auto& connector : connectors_) {
        if (connector) {
            connector->abandon();
            context_.worker.poller().retire(std::move(connector));
        }
    }
}

Tick Destination::now() const noexcept {
    return static_cast<Tick>(context_.worker.now().time_since_epoch() / runtime::TimerWheel::tick);
}

void Destination::borrow(Borrower& borrower) {
    for (;;) {
        const auto action = slot_.take();
        switch (action.kind) {
            case Kind::use:
                if (suits(action.stream, borrower) &&
                    streams_[action.stream]->stream().still_idle())
                    return hand(action.stream, borrower);
                destroy(action.stream);  // died unseen since the last batch: take another
                carry_out(slot_.closed(action.stream));
                continue;
            case Kind::connect:
                enqueue(action.waiter, borrower);
                return connect(action.stream);
            case Kind::wait:
                return enqueue(action.waiter, borrower);
            default:
                return borrower.refused(Failure::pool_exhausted);
        }
    }
}

void Destination::enqueue(WaiterId ticket, Borrower& borrower) {
    at_grown(waiters_, ticket) = &borrower;
    borrower.ticket_ = ticket;
    borrower.queue_ = this;
}

Borrower& Destination::dequeue(WaiterId ticket) {
    auto& borrower = *std::exchange(waiters_[ticket], nullptr);
    borrower.queue_ = nullptr;
    return borrower;
}

void Destination::cancel(Borrower& borrower) {
    dequeue(borrower.ticket_);
    carry_out(slot_.cancel(borrower.ticket_));
}

bool Destination::suits(StreamId id, const Borrower& borrower) const {
    return !streams_[id]->used_ || !borrower.wants_new_stream();
}

/// From the queue a stream may come that does not suit: it goes, and the borrower asks again.
void Destination::hand(StreamId id, Borrower& borrower) {
    if (!suits(id, borrower)) {
        destroy(id);
        carry_out(slot_.closed(id));
        return borrow(borrower);
    }
    // An answer before there was a question is nobody's.
    if (route_.speaks_first && !borrower.wants_new_stream() &&
        !streams_[id]->stream().still_idle()) {
        destroy(id);
        carry_out(slot_.closed(id));
        return borrower.refused(Failure::upstream_malformed);
    }
    borrower.borrowed(*streams_[id]);
}

void Destination::connect(StreamId id) {
    auto& connector = at_grown(connectors_, id);
    connector =
        std::make_unique<tor::Connector>(context_.worker, context_.limits, context_.shard, route_);
    connector->start([this, id](auto outcome) { connected(id, std::move(outcome)); });
}

void Destination::connected(StreamId id, std::expected<net::StreamHandle, model::Failure> outcome) {
    context_.worker.poller().retire(std::move(connectors_[id]));
    if (!outcome)
        return carry_out(slot_.connect_failed(id), outcome.error());
    auto& stream = at_grown(streams_, id);
    stream = std::make_unique<PooledStream>(*this, id, std::move(*outcome));
    stream->stream_->set_owner(stream.get());
    carry_out(slot_.connected(id, now()));
}

void Destination::give_back(PooledStream& stream, bool reusable) {
    const auto id = stream.id_;
    stream.stream_->set_owner(&stream);
    stream.used_ = true;
    if (reusable && context_.worker.now() < stream.stream().good_until())
        return carry_out(slot_.released(id, now()));
    destroy(id);
    carry_out(slot_.closed(id));
}

void Destination::closed_while_idle(PooledStream& stream) {
    const auto id = stream.id_;
    destroy(id);
    carry_out(slot_.closed(id));
}

void Destination::expire_idle() {
    for (auto action = slot_.expire(now()); action.kind != Kind::nothing;
         action = slot_.expire(now()))
        carry_out(action);
}

void Destination::evict_idle() {
    for (auto action = slot_.evict(); action.kind != Kind::nothing; action = slot_.evict())
        carry_out(action);
}

void Destination::carry_out(SlotAction action, Failure failure) {
    switch (action.kind) {
        case Kind::connect:
            return connect(action.stream);
        case Kind::hand:
            return hand(action.stream, dequeue(action.waiter));
        case Kind::close:
            return destroy(action.stream);
        case Kind::fail_reconnect:
            connect(action.stream);
            return dequeue(action.waiter).refused(failure);
        case Kind::fail:
            return dequeue(action.waiter).refused(failure);
        default:
            return;
    }
}

/// The Stream is closed at once and goes at the end of the batch.
void Destination::destroy(StreamId id) {
    streams_[id].reset();
}

}  // namespace beta::upstream
