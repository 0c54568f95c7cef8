#include "beta/proxy/session.hpp"

#include "beta/http/request_fault.hpp"
#include "beta/proxy/head_limits.hpp"

#include <algorithm>
#include <utility>

namespace beta::proxy {
namespace {

using model::Failure;

}  // namespace

Session::Session(Sessions& sessions, Context& context, const Side& side, net::StreamHandle stream)
    : sessions_(sessions),
      context_(context),
      side_(side),
      stream_(std::move(stream)),
      in_(context.blocks),
      request_body_(in_) {}

Session::~Session() = default;

void Session::start() {
    stream_->set_owner(this);
    if (!stream_->watch())
        return close();
    const bool by_tls = stream_->layer() != nullptr;
    phase_ = by_tls ? Phase::greeting : Phase::head;
    arm(by_tls ? context_.limits.handshake_time : context_.limits.header_time);
}

/// Who asks: by its certificate where there is one, else by the listener that it came to.
acl::Source Session::source() const noexcept {
    const auto* const layer = stream_->layer();
    if (layer == nullptr)
        return side_.source();
    const auto& identity = layer->peer()->identity;
    return {identity.plane.view(), identity.service.view()};
}

/// Idle connections close at once; a message under way, or waiting in the socket, is finished
/// first.
void Session::drain() {
    if (phase_ == Phase::head && in_.empty() && stream_->still_idle())
        return half_close();
    close_after_ = true;
}

void Session::arm(std::chrono::milliseconds after) {
    context_.worker.wheel().arm(*this, after);
}

void Session::stream_ready() {
    if (stream_->broken() && phase_ != Phase::closing)
        return close();
    if (blocked_ && stream_->writable()) {
        blocked_ = false;
        cancel();
        flush();
        if (!blocked_ && phase_ == Phase::exchange)
            exchange_->downstream_writable();
    }
    advance();
}

/// Runs steps until one must wait. Steps call back into advance() (an answer that comes at once);
/// the outer call goes on for them, so that a thousand pipelined requests make no deep stack.
void Session::advance() {
    if (std::exchange(advancing_, true)) {
        again_ = true;
        return;
    }
    int turns = 0;
    do {
        again_ = false;
        while (phase_ != Phase::closed && step()) {
            if (++turns == static_cast<int>(context_.limits.pipelined_requests) * 4) {
                stream_->yield();
                advancing_ = false;
                return;
            }
        }
    } while (again_ && phase_ != Phase::closed);
    advancing_ = false;
}

bool Session::step() {
    switch (phase_) {
        case Phase::greeting:
            return step_greeting();
        case Phase::head:
            return step_head();
        case Phase::exchange:
            return step_exchange();
        case Phase::flushing:
            return step_flush();
        case Phase::closing:
            return step_closing();
        case Phase::tunnel:  // its own story, until finish() or abort()
        case Phase::closed:
            break;
    }
    return false;
}

/// TLS, before anything of HTTP. A handshake is a millisecond of work: when many come at once, the
/// others are served in between.
bool Session::step_greeting() {
    if (!stream_->readable())
        return false;
    if (context_.handshakes == context_.limits.handshakes_at_once) {
        stream_->yield();
        return false;
    }
    ++context_.handshakes;
    switch (stream_->greet()) {
        case net::Greeting::under_way:
            return false;
        case net::Greeting::failed:
            context_.shard.handshake(side_.direction(), stream_->layer()->fault());
            if (context_.audit != nullptr)
                context_.audit->handshake(side_.direction(), side_.source().plane,
                                          stream_->layer()->fault());
            close();
            return false;
        case net::Greeting::done:
            break;
    }
    greeted();
    return true;
}

void Session::greeted() {
    const auto* const layer = stream_->layer();
    context_.shard.handshake(side_.direction(), layer->resumed() ? "resumed" : "full");
    stream_->set_good_until(context_.worker.now() + layer->relied_upon(context_.connection_age));
    side_.arrived();
    phase_ = Phase::head;
    arm(context_.limits.header_time);
}

bool Session::step_head() {
    if (in_.empty()) {
        if (!stream_->readable()) {
            in_.release_if_empty();
            return false;
        }
        return read_more();
    }
    const auto state = scan_.feed(in_.data(), head_limits(context_.limits));
    switch (state) {
        case http::HeadScan::State::complete:
            begin_exchange(scan_.size());
            return true;
        case http::HeadScan::State::need_more:
            return read_more();
        case http::HeadScan::State::malformed:
            refuse(Failure::malformed, nullptr);
            return true;
        case http::HeadScan::State::too_large:
            refuse(Failure::head_too_large, nullptr);
            return true;
        case http::HeadScan::State::target_too_long:
            refuse(Failure::target_too_long, nullptr);
            return true;
    }
    return false;
}

void Session::begin_exchange(std::size_t head_size) {
    cancel();
    scan_.reset();
    if (++requests_ == 1 && stream_->layer() == nullptr)
        side_.arrived();
    auto& head = context_.request_scratch;
    const auto failure =
        http::parse(in_.data().substr(0, head_size), head_limits(context_.limits), head);
    if (failure != Failure::none)
        return refuse(failure, nullptr);
    const auto framing = http::request_framing(head, context_.limits.body_bytes);
    if (!framing)
        return refuse(framing.error(), &head);
    if (const auto fault = http::request_fault(head, *framing); fault != Failure::none)
        return refuse(fault, &head);
    const auto target =
        head.method == "CONNECT" ? http::split_connect_target(head) : http::split_target(head);
    if (!target)
        return refuse(target.error(), &head);
    if (side_.direction() == acl::Direction::ingress && target->path == context_.self_path)
        return answer_self();
    phase_ = Phase::exchange;
    body_done_ = framing->kind == http::BodyKind::none;
    open_exchange();
    const auto size = head.size;
    request_body_.begin(*framing,
                        {context_.limits.body_bytes, context_.limits.chunk_extension_bytes,
                         context_.limits.trailer_bytes});
    pace_ = Pace(context_.limits.body_idle_time * 2, context_.limits.minimum_rate);
    head_bytes_ = static_cast<std::uint32_t>(size);
    exchange_->begin(head, *target, *framing);
    head_bytes_ = 0;
    if (phase_ == Phase::closed)
        return;
    in_.consume(size);
}

void Session::refuse(Failure failure, const http::RequestHead* head) {
    phase_ = Phase::exchange;
    body_done_ = true;
    open_exchange();
    exchange_->refuse(failure, head);
}

void Session::open_exchange() {
    exchange_ =
        std::make_unique<Exchange>(context_, side_, source(), static_cast<Downstream&>(*this));
}

/// The request body goes on while the answer is awaited. False: nothing to do until something
/// happens.
bool Session::step_exchange() {
    if (exchange_->switched())
        return lend_to_tunnel();
    if (!body_done_)
        return forward_body();
    exchange_->flush();
    return false;
}

bool Session::forward_body() {
    const auto bytes = request_body_.ready();
    std::size_t taken = 0;
    if (!bytes.empty()) {
        taken = exchange_->request_body(bytes);
        if (phase_ != Phase::exchange)
            return true;
        request_body_.forwarded(taken);
    }
    if (request_body_.failure() != Failure::none && !request_body_.waiting()) {
        exchange_->request_failed(request_body_.failure());
        return true;
    }
    if (request_body_.complete()) {
        body_done_ = true;
        cancel();
        in_.release_if_empty();
        exchange_->request_end(request_body_.payload_bytes());
        return true;
    }
    if (request_body_.waiting() || in_.full())
        return false;  // the upstream calls pull() when it has room
    exchange_->flush();
    if (phase_ != Phase::exchange)
        return true;
    if (stream_->readable() && read_more())
        return true;
    if (phase_ != Phase::exchange)
        return false;
    const auto now = Pace::Clock::now();
    pace_.wait(now);
    const auto left = pace_.left(now);
    if (left == Pace::Duration::zero()) {
        exchange_->request_failed(Failure::body_timeout);
        return true;
    }
    arm(std::min(context_.limits.body_idle_time, left));
    return false;
}

/// False when the kernel has nothing for us now.
bool Session::read_more() {
    if (!stream_->readable()) {
        if (phase_ == Phase::head && !armed())
            arm(context_.limits.header_time);
        return false;
    }
    const bool was_idle = phase_ == Phase::head && in_.empty();
    const auto result = stream_->read(in_.room());
    if (result.state == net::IoState::ok) {
        if (was_idle)
            arm(context_.limits.header_time);
        in_.commit(result.bytes);
        if (phase_ == Phase::exchange)
            body_moved(result.bytes);
        return true;
    }
    if (result.state == net::IoState::would_block) {
        in_.release_if_empty();
        return false;
    }
    eof_ = true;
    if (phase_ == Phase::head && in_.empty() && result.state == net::IoState::end) {
        half_close();
        return true;
    }
    if (const auto* const layer = stream_->layer(); layer != nullptr && layer->fault() == "flood")
        context_.shard.handshake(side_.direction(), "flood");
    close();  // in the middle of a message: there is nobody to tell
    return false;
}

/// We no longer wait for the client: if from here on nothing moves, the upstream has no room.
void Session::body_moved(std::size_t bytes) {
    const bool waited = pace_.waiting();
    pace_.moved(bytes, waited ? Pace::Clock::now() : Pace::Clock::time_point{});
    if (waited && !blocked_)
        cancel();
}

void Session::expired() {
    switch (phase_) {
        case Phase::greeting:
            context_.shard.handshake(side_.direction(), "timeout");
            return close();
        case Phase::head:
            if (in_.empty())
                return half_close();
            refuse(Failure::header_timeout, nullptr);
            return advance();
        case Phase::exchange:
            if (blocked_)
                return still_reads() ? arm(context_.limits.send_idle_time) : abort();
            if (!body_done_)
                exchange_->request_failed(Failure::body_timeout);
            return advance();
        case Phase::flushing:
            return still_reads() ? arm(context_.limits.send_idle_time) : close();
        default:
            return close();
    }
}

void Session::close() {
    if (phase_ == Phase::closed)
        return;
    phase_ = Phase::closed;
    cancel();
    if (exchange_) {
        exchange_->downstream_gone();
        context_.worker.poller().retire(std::move(exchange_));
    }
    stream_->close();
    in_.release();
    sessions_.closed(*this);
}

}  // namespace beta::proxy
