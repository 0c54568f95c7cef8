#include "beta/proxy/h1_upstream.hpp"

#include "beta/http/upgrade.hpp"
#include "beta/proxy/head_limits.hpp"
#include "beta/proxy/pace.hpp"

#include <algorithm>
#include <utility>

namespace beta::proxy {
namespace {

using model::Failure;

constexpr int reads_in_a_row = 16;  // then other connections get their turn

}  // namespace

H1Upstream::H1Upstream(UpstreamEvents& events, net::BlockPool& blocks, const config::Limits& limits,
                       http::ResponseHead& scratch)
    : events_(events), limits_(limits), head_(scratch), in_(blocks), pipe_(in_) {}

void H1Upstream::write_head(const http::RequestHead& head, const http::Target& target,
                            const http::HeadChanges& changes) {
    to_head_ = head.method == "HEAD";
    http::write_request(out_, head, target, changes);
}

void H1Upstream::attach(upstream::PooledStream& stream) {
    stream_ = &stream;
    blocked_ = eof_ = false;
    part_ = Part::head;  // of an earlier stream nothing was taken
    scan_.reset();
    stream.stream().set_owner(this);
}

void H1Upstream::attach_raw(upstream::PooledStream& stream) {
    attach(stream);
    part_ = Part::done;
}

void H1Upstream::take_over(upstream::PooledStream& stream, std::string_view early) {
    attach(stream);
    out_.clear();
    deaf_ = false;
    sent_ = std::max<std::uint64_t>(sent_, 1);
    asked_ = true;  // by whoever sent it
    if (early.empty())
        return;
    std::ranges::copy(early, in_.room().begin());
    in_.commit(early.size());
    received_ += early.size();
}

upstream::PooledStream* H1Upstream::detach(bool& clean) {
    if (stream_ == nullptr)
        return nullptr;
    // Surplus bytes behind an answer belong to no request: such a stream is not to be trusted.
    clean = part_ == Part::done && keep_alive_ && request_sent() && in_.empty() && !eof_ &&
            !stream_->stream().hung_up() && stream_->stream().flushed();
    in_.release();
    return std::exchange(stream_, nullptr);
}

std::size_t H1Upstream::send_body(std::string_view bytes) {
    if (stream_ == nullptr || blocked_)
        return 0;
    const auto result =
        deaf_ ? net::IoResult{net::IoState::error, 0} : stream_->stream().write(out_, bytes);
    if (result.state == net::IoState::error && sent_ == 0) {
        fail(Failure::upstream_closed);
        return 0;
    }
    if (result.state == net::IoState::error) {
        // It may have answered before it closed (RFC 9112 §9.5): the rest of the body has nowhere
        // to go, and reading tells what became of the request.
        out_.clear();
        if (!std::exchange(deaf_, true))
            stream_->stream().yield();
        return bytes.size();
    }
    sent_ += result.bytes;
    blocked_ = result.bytes < out_.size() + bytes.size() || !stream_->stream().flushed();
    if (blocked_)
        unsent_ = stream_->stream().unsent();
    const auto of_head = std::min(result.bytes, out_.size());
    out_.erase(0, of_head);
    tell_asked();
    return result.bytes - of_head;
}

void H1Upstream::finish_request() {
    request_done_ = true;
    tell_asked();
}

/// Once the whole request has left, which may be within either call.
void H1Upstream::tell_asked() {
    if (stream_ != nullptr && sent_ > 0 && request_sent() && !std::exchange(asked_, true))
        stream_->asked();
}

bool H1Upstream::still_reads() {
    if (stream_ == nullptr || !blocked_)
        return false;
    const auto before = std::exchange(unsent_, stream_->stream().unsent());
    return before >= unsent_ + least_taken(limits_.minimum_rate, limits_.send_idle_time);
}

void H1Upstream::flush() {
    if (!out_.empty())
        send_body({});
}

void H1Upstream::stream_ready() {
    if (blocked_ && stream_->stream().writable()) {
        blocked_ = false;
        flush();
        if (stream_ != nullptr && !blocked_)
            events_.upstream_writable();
    }
    if (stream_ != nullptr)
        read();
}

void H1Upstream::read() {
    for (int i = 0; i < reads_in_a_row; ++i) {
        while (step()) {
        }
        if (stream_ == nullptr || part_ == Part::done)
            return;
        auto& stream = stream_->stream();
        if (eof_)
            return ended();
        if (in_.full() || !stream.readable())
            return pause();
        const auto result = stream.read(in_.room());
        if (sent_ == 0 && result.bytes > 0)  // an answer to nothing: it cannot be to this request
            return fail(Failure::upstream_closed);
        if (result.state == net::IoState::error)
            return fail(why_broken());
        if (result.state == net::IoState::end)
            eof_ = true;
        in_.commit(result.bytes);
        received_ += result.bytes;
    }
    if (stream_ != nullptr)
        stream_->stream().yield();
}

/// TLS 1.3 tells a client only with its first read that its certificate was not taken.
Failure H1Upstream::why_broken() const {
    const auto* const layer = stream_->stream().layer();
    if (layer != nullptr && layer->fault() == "alert")
        return Failure::certificate_refused;
    return received_ == 0 ? Failure::upstream_closed : Failure::upstream_truncated;
}

/// What came so far is not held back for what may come much later.
void H1Upstream::pause() {
    in_.release_if_empty();
    if (part_ == Part::body)
        events_.response_paused();
}

/// One element of the response out of the buffer; false when more bytes, or room downstream, are
/// needed.
bool H1Upstream::step() {
    if (stream_ == nullptr || part_ == Part::done)
        return false;
    return part_ == Part::head ? take_head() : take_body();
}

bool H1Upstream::take_head() {
    if (in_.empty())
        return false;
    const auto limits = head_limits(limits_);
    const auto state = scan_.feed(in_.data(), limits);
    if (state == http::HeadScan::State::need_more)
        return false;
    if (state != http::HeadScan::State::complete) {
        fail(state == http::HeadScan::State::malformed ? Failure::upstream_malformed
                                                       : Failure::upstream_head_too_large);
        return false;
    }
    const auto size = scan_.size();
    scan_.reset();
    if (http::parse(in_.data().substr(0, size), limits, head_) != Failure::none) {
        fail(Failure::upstream_malformed);
        return false;
    }
    const auto framing = http::response_framing(head_, to_head_, limits_.body_bytes);
    const bool switches = head_.status == 101;
    if (!framing || (switches && !(request_sent() && http::is_websocket_answer(head_, accept_))) ||
        (head_.interim() && ++interims_ > limits_.interim_responses)) {
        fail(Failure::upstream_malformed);
        return false;
    }
    keep_alive_ = !http::wants_close(head_.fields, head_.http10) &&
                  framing->kind != http::BodyKind::until_close;
    if (!head_.interim()) {
        stream_->answered();
        part_ = Part::body;
        pipe_.begin(*framing,
                    {limits_.body_bytes, limits_.chunk_extension_bytes, limits_.trailer_bytes});
    }
    events_.response_head(head_, *framing);
    if (stream_ == nullptr)
        return false;  // the downstream went away
    in_.consume(size);
    if (!switches)
        return true;
    part_ = Part::done;
    keep_alive_ = false;  // such a stream serves nobody else
    events_.upstream_switched();
    return false;
}

bool H1Upstream::take_body() {
    const auto bytes = pipe_.ready();
    std::size_t taken = 0;
    if (!bytes.empty()) {
        taken = events_.response_body(bytes);
        if (stream_ == nullptr)
            return false;  // the downstream went away
        pipe_.forwarded(taken);
    }
    if (pipe_.failure() != Failure::none) {
        fail(Failure::upstream_truncated);
        return false;
    }
    if (!pipe_.complete())
        return taken > 0 && !in_.empty();
    part_ = Part::done;
    events_.response_end();
    return false;
}

/// The peer has finished. Only a body that runs until close may end so.
void H1Upstream::ended() {
    if (part_ == Part::head)
        return fail(received_ == 0 ? Failure::upstream_closed : Failure::upstream_malformed);
    if (pipe_.waiting())
        return;  // pull() comes back here
    if (!pipe_.may_end_here())
        return fail(Failure::upstream_truncated);
    part_ = Part::done;
    events_.response_end();
}

void H1Upstream::fail(Failure failure) {
    part_ = Part::done;
    keep_alive_ = false;
    events_.upstream_failed(failure);
}

}  // namespace beta::proxy
