#include "beta/upstream/circuit.hpp"

#include "beta/upstream/circuits.hpp"

#include <algorithm>
#include <utility>

namespace beta::upstream {
namespace {

using model::Failure;
using Kind = SlotAction::Kind;

template <class Value>
Value& at_grown(std::vector<Value>& values, std::size_t index) {
    if (values.size() <= index)
        values.resize(index + 1);
    return values[index];
}

}  // namespace

PooledStream::PooledStream(Circuit& home, StreamId id, net::StreamHandle stream,
                           const tor::Epoch& epoch)
    : home_(home), id_(id), stream_(std::move(stream)), epoch_(epoch) {}

void PooledStream::asked() {
    home_.asked(*this);
}

void PooledStream::answered() {
    home_.answered(*this);
}

void PooledStream::stream_ready() {
    if (!stream_->still_idle())
        home_.closed_while_idle(*this);  // destroys this
}

Circuit::Circuit(PoolState& pool, Circuits& home, const Route& route, std::uint32_t number,
                 SlotLimits limits)
    : pool_(pool), home_(home), route_(route), number_(number), slot_(limits) {
    set_epoch({.turn = home_.turn(number_)});
}

Circuit::~Circuit() {
    for (auto& dial : dials_) {
        if (!dial)
            continue;
        dial->abandon();
        pool_.worker.poller().retire(std::move(dial));
    }
}

Tick Circuit::now() const noexcept {
    return static_cast<Tick>(pool_.worker.now().time_since_epoch() / runtime::TimerWheel::tick);
}

bool Circuit::borrow(Borrower& borrower) {
    for (;;) {
        const auto action = slot_.take();
        switch (action.kind) {
            case Kind::use:
                if (suits(action.stream, borrower) &&
                    streams_[action.stream]->stream().still_idle())
                    return hand(action.stream, borrower), true;
                destroy(action.stream);  // died unseen since the last batch: take another
                carry_out(slot_.closed(action.stream));
                continue;
            case Kind::connect:
                enqueue(action.waiter, borrower);
                return connect(action.stream), true;
            case Kind::wait:
                return enqueue(action.waiter, borrower), true;
            default:
                return false;
        }
    }
}

void Circuit::enqueue(WaiterId ticket, Borrower& borrower) {
    at_grown(waiters_, ticket) = &borrower;
    borrower.ticket_ = ticket;
    borrower.queue_ = this;
}

Borrower& Circuit::dequeue(WaiterId ticket) {
    auto& borrower = *std::exchange(waiters_[ticket], nullptr);
    borrower.queue_ = nullptr;
    return borrower;
}

Borrower& Circuit::take_first_waiter() {
    auto& borrower = *waiters_[slot_.first_waiter()];
    cancel(borrower);
    return borrower;
}

void Circuit::cancel(Borrower& borrower) {
    dequeue(borrower.ticket_);
    carry_out(slot_.cancel(borrower.ticket_));
}

bool Circuit::suits(StreamId id, const Borrower& borrower) const {
    return !streams_[id]->used_ || !borrower.wants_new_stream();
}

/// From the queue a stream may come that does not suit: it goes, and the borrower asks again.
void Circuit::hand(StreamId id, Borrower& borrower) {
    if (!suits(id, borrower)) {
        destroy(id);
        carry_out(slot_.closed(id));
        return home_.borrow(borrower);
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

void Circuit::connect(StreamId id) {
    auto& dial = at_grown(dials_, id);
    dial = std::make_unique<Dial>(pool_, *this, id);
    dial->start();
}

void Circuit::connected(StreamId id, std::expected<net::StreamHandle, model::Failure> outcome,
                        const tor::Epoch& epoch, Time began) {
    pool_.worker.poller().retire(std::move(dials_[id]));
    if (!outcome)
        return connect_failed(id, outcome.error(), began);
    home_.reached();
    auto& stream = at_grown(streams_, id);
    stream = std::make_unique<PooledStream>(*this, id, std::move(*outcome), epoch);
    stream->stream_->set_owner(stream.get());
    if (is_current(*stream) && !std::exchange(superseded_, true)) {
        evict_idle();
        home_.begins_anew(number_);
    }
    carry_out(slot_.connected(id, now()));
}

/// A destination that is left alone now has no connects to come: nobody is left to wait for one.
void Circuit::connect_failed(StreamId id, Failure failure, Time began) {
    home_.connect_failed(failure, began);
    while (home_.is_left_alone() && slot_.keeps_waiting())
        take_first_waiter().refused(failure);
    carry_out(slot_.connect_failed(id), failure);
}

void Circuit::give_back(PooledStream& stream, bool reusable) {
    const auto id = stream.id_;
    stream.stream_->set_owner(&stream);
    stream.used_ = true;
    if (const auto since = std::exchange(stream.asked_, std::nullopt); since && is_current(stream))
        home_.unanswered(number_, pool_.worker.now() - *since);
    const bool fresh = pool_.worker.now() < stream.stream().good_until();
    if (reusable && fresh && (is_current(stream) || !superseded_))
        return carry_out(slot_.released(id, now()));
    destroy(id);
    carry_out(slot_.closed(id));
}

void Circuit::closed_while_idle(PooledStream& stream) {
    const auto id = stream.id_;
    destroy(id);
    carry_out(slot_.closed(id));
}

void Circuit::expire_idle() {
    for (auto action = slot_.expire(now()); action.kind != Kind::nothing;
         action = slot_.expire(now()))
        carry_out(action);
}

void Circuit::evict_idle() {
    for (auto action = slot_.evict(); action.kind != Kind::nothing; action = slot_.evict())
        carry_out(action);
}

void Circuit::carry_out(SlotAction action, Failure failure) {
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

void Circuit::warm() {
    carry_out(slot_.warm());
}

void Circuit::replace() {
    renew({.turn = epoch_.turn, .fresh = pool_.isolation.fresh()}, telemetry::Renewal::slow);
    if (slot_.connecting() > 0)
        return;
    carry_out(slot_.evict());  // all room was taken
    warm();
}

void Circuit::tick() {
    expire_idle();
    if (!route_.through_tor)
        return;
    leave_if_stalled();
    if (epoch_.turn != home_.turn(number_))
        renew({.turn = home_.turn(number_)}, telemetry::Renewal::scheduled);
}

void Circuit::asked(PooledStream& stream) {
    if (route_.through_tor)
        stream.asked_ = pool_.worker.now();
}

void Circuit::answered(PooledStream& stream) {
    const auto since = std::exchange(stream.asked_, std::nullopt);
    if (!since)
        return;
    home_.answered(number_, pool_.worker.now() - *since, is_current(stream));
    if (is_current(stream))
        last_answer_ = pool_.worker.now();
}

void Circuit::adopt(const Route& route) {
    route_ = route;
    set_epoch(epoch_);
}

bool Circuit::is_current(const PooledStream& stream) const noexcept {
    return stream.epoch_ == epoch_;
}

/// Others may have failed on the same circuit and left it already.
void Circuit::failed_on(const tor::Epoch& epoch, Failure failure) {
    if (epoch == epoch_ && helped_by_a_fresh_circuit(failure))
        renew({.turn = epoch_.turn, .fresh = pool_.isolation.fresh()}, telemetry::Renewal::failed);
}

/// Connects from now on go by a circuit of tor's that none of the streams there are is on. Those
/// serve until one of the new epoch can; when there are any, somebody will want it. What has failed
/// is tried again by its dial.
void Circuit::renew(const tor::Epoch& epoch, telemetry::Renewal why) {
    if (slot_.connections() > 0)
        pool_.shard.circuit_renewed(why);
    set_epoch(epoch);
    superseded_ = false;
    if (why != telemetry::Renewal::failed && slot_.idle() + slot_.busy() > 0)
        warm();
}

void Circuit::set_epoch(const tor::Epoch& epoch) {
    epoch_ = epoch;
    if (!route_.through_tor)
        return;
    auto [user, password] = pool_.isolation.credentials({.plane = route_.plane,
                                                         .service = route_.service,
                                                         .destination = route_.name,
                                                         .circuit = number_,
                                                         .epoch = epoch_});
    route_.user = std::move(user);
    route_.password = std::move(password);
}

/// Nothing at all came by it since the oldest request that waits was sent: that is not one slow
/// answer. What waits for its answer goes on waiting.
void Circuit::leave_if_stalled() {
    auto oldest = Time::max();
    for (const auto& stream : streams_) {
        if (stream && is_current(*stream))
            oldest = std::min(oldest, stream->asked_.value_or(Time::max()));
    }
    const auto now = pool_.worker.now();
    if (last_answer_ >= oldest || oldest > now || now - oldest < home_.stall_time())
        return;
    evict_idle();
    renew({.turn = epoch_.turn, .fresh = pool_.isolation.fresh()}, telemetry::Renewal::stalled);
    superseded_ = true;
    home_.begins_anew(number_);
}

/// The Stream is closed at once and goes at the end of the batch.
void Circuit::destroy(StreamId id) {
    streams_[id].reset();
}

}  // namespace beta::upstream
