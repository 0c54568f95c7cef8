#include "beta/proxy/tunnel.hpp"

#include <algorithm>
#include <utility>

namespace beta::proxy {
namespace {

using model::Failure;

constexpr int reads_in_a_row = 16;  // then other connections get their turn

}  // namespace

Tunnel::Tunnel(TunnelEvents& events, Context& context, acl::Direction direction, TunnelEnd down,
               TunnelEnd up)
    : events_(events),
      context_(context),
      direction_(direction),
      up_{.from = down, .to = up, .when_cut = Failure::downstream_closed},
      down_{.from = up, .to = down, .when_cut = Failure::upstream_truncated},
      last_(std::min({context.worker.now() + context.limits.tunnel_life_time,
                      down.stream.good_until(), up.stream.good_until()})) {
    context_.shard.tunnel_begun(direction_);
}

Tunnel::~Tunnel() = default;

void Tunnel::start() {
    up_.from.stream.set_owner(this);
    up_.to.stream.set_owner(this);
    arm();
    stream_ready();
}

void Tunnel::stop() {
    stopped_ = true;
    cancel();
}

/// The answer first: what came before an end is passed on even when there is no way back.
void Tunnel::stream_ready() {
    moved_ = false;
    move(down_);
    if (!stopped_)
        move(up_);
    if (!stopped_ && up_.finished && down_.finished)
        end(Failure::none);
    if (!stopped_ && moved_)
        arm();
}

void Tunnel::move(Flow& flow) {
    for (int i = 0; i < reads_in_a_row; ++i) {
        if (flow.finished)
            return notice_reset(flow);
        if (!deliver(flow))
            return;
        if (flow.ended) {
            finish(flow);
            return notice_reset(flow);  // an end and a reset may come with one edge
        }
        if (!flow.from.stream.readable())
            return flow.from.in.release_if_empty();
        if (!receive(flow))
            return;
    }
    flow.from.stream.yield();
}

/// Where we do not read on, only this tells that nobody is there any more.
void Tunnel::notice_reset(Flow& flow) {
    if (flow.from.stream.broken() && flow.from.stream.connect_error() != 0)
        end(flow.when_cut);
}

/// False when something is left that the other side has no room for, or no use.
bool Tunnel::deliver(Flow& flow) {
    auto& to = flow.to.stream;
    if (!flow.holds_bytes())
        return to.flushed();
    if (flow.blocked && !to.writable()) {
        notice_reset(flow);
        return false;
    }
    auto& lead = flow.to.lead;
    const auto bytes = flow.from.in.data();
    const auto whole = lead.size() + bytes.size();
    const auto result = to.write(lead, bytes);
    if (result.state == net::IoState::error) {
        flow.from.in.release();
        lead.clear();
        flow.finished = true;  // what still comes from there says how it ended
        return false;
    }
    moved_ = moved_ || result.bytes > 0;
    flow.blocked = result.bytes < whole || !to.flushed();
    if (flow.blocked)
        flow.unsent = to.unsent();
    const auto of_lead = std::min(result.bytes, lead.size());
    lead.erase(0, of_lead);
    flow.from.in.consume(result.bytes - of_lead);
    flow.bytes += result.bytes - of_lead;
    context_.shard.tunnel_bytes(direction_, &flow == &up_, result.bytes - of_lead);
    return !flow.blocked;
}

/// False when there is nothing now, and when it was the last of this tunnel.
bool Tunnel::receive(Flow& flow) {
    const auto result = flow.from.stream.read(flow.from.in.room());
    switch (result.state) {
        case net::IoState::ok:
            flow.from.in.commit(result.bytes);
            return true;
        case net::IoState::end:
            flow.ended = true;
            return true;
        case net::IoState::would_block:
            flow.from.in.release_if_empty();
            return false;
        case net::IoState::error:
            break;
    }
    end(flow.when_cut);
    return false;
}

/// Everything of this direction was passed on; its end is too, now or later.
void Tunnel::finish(Flow& flow) {
    flow.finished = true;
    flow.from.in.release();
    moved_ = true;  // from here on silence is measured by another limit
    const bool into_tor = direction_ == acl::Direction::egress && &flow == &up_ &&
                          flow.to.stream.layer() == nullptr;  // TLS says it in band
    if (!into_tor || down_.finished)
        flow.to.stream.shutdown_write();
}

/// A direction with one end left counts as silent sooner. Who is always busy would put the timer
/// off for ever: the end of a life is looked at here too.
void Tunnel::arm() {
    const auto& limits = context_.limits;
    const auto silence =
        up_.finished || down_.finished ? limits.tunnel_linger_time : limits.tunnel_idle_time;
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(last_ - context_.worker.now());
    if (left.count() <= 0)
        return end(Failure::tunnel_expired);
    context_.worker.wheel().arm(*this, std::clamp(left, std::chrono::milliseconds{0}, silence));
}

/// The kernel tells of room only once a good part of its buffer is free.
bool Tunnel::still_taken(Flow& flow) {
    if (!flow.blocked || flow.finished)
        return false;
    const auto before = std::exchange(flow.unsent, flow.to.stream.unsent());
    return flow.unsent < before;
}

void Tunnel::expired() {
    if (context_.worker.now() >= last_)
        return end(Failure::tunnel_expired);
    const bool up_taken = still_taken(up_);
    if (still_taken(down_) || up_taken)
        return arm();
    const bool half_closed = up_.finished || down_.finished;
    const bool holds_bytes =
        (!up_.finished && up_.holds_bytes()) || (!down_.finished && down_.holds_bytes());
    end(half_closed && !holds_bytes ? Failure::none : Failure::tunnel_idle);
}

void Tunnel::end(Failure failure) {
    if (stopped_)
        return;
    stop();
    events_.tunnel_ended(failure);
}

}  // namespace beta::proxy
