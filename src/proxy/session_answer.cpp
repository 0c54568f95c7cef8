#include "beta/proxy/session.hpp"

#include <algorithm>
#include <utility>

// The way back: answers, their ends, and the ends of connections.
namespace beta::proxy {
namespace {

constexpr int reads_in_a_row = 16;  // then other connections get their turn

}  // namespace

void Session::send_head(const http::ResponseHead& head, const http::Framing&,
                        http::HeadChanges changes) {
    close_after_ = close_after_ || (!head.interim() && bytes_in_doubt());
    changes.close = changes.close || close_after_;
    http::write_response(out_, head, changes);
}

/// Bytes behind a request to switch were sent for what the connection was to become. It becomes
/// nothing else, so they mean nothing (CVE-2025-64763).
bool Session::bytes_in_doubt() const {
    return exchange_ && exchange_->may_switch() &&
           (in_.data().size() > head_bytes_ || stream_->readable());
}

/// The connection is the tunnel's until it ends; what came early is in the buffer.
bool Session::lend_to_tunnel() {
    phase_ = Phase::tunnel;
    blocked_ = false;  // whoever writes looks for room: the edge that tells of it is the tunnel's
    cancel();
    exchange_->open_tunnel({*stream_, in_, out_});
    return phase_ != Phase::tunnel;
}

std::size_t Session::send_body(std::string_view bytes) {
    if (blocked_)
        return 0;
    const auto result = stream_->write(out_, bytes);
    if (result.state == net::IoState::error) {
        close();
        return 0;
    }
    blocked_ = result.bytes < out_.size() + bytes.size() || !stream_->flushed();
    const auto of_head = std::min(result.bytes, out_.size());
    out_.erase(0, of_head);
    if (blocked_) {
        unsent_ = stream_->unsent();
        arm(context_.limits.send_idle_time);
    }
    return result.bytes - of_head;
}

/// The kernel tells of room only once a good part of its buffer is free: a slow peer may read all
/// the while.
bool Session::still_reads() {
    const auto before = std::exchange(unsent_, stream_->unsent());
    const auto& limits = context_.limits;
    return before >= unsent_ + least_taken(limits.minimum_rate, limits.send_idle_time);
}

void Session::flush() {
    if (!out_.empty())
        send_body({});
}

void Session::send_problem(http::Problem problem, bool close) {
    problem.close = close || close_after_ || bytes_in_doubt();
    http::write_problem(out_, problem);
    finish(problem.close);
}

void Session::send_own_answer(http::OwnAnswer answer) {
    answer.close = answer.close || close_after_ || bytes_in_doubt();
    http::write_own_answer(out_, answer);
    finish(answer.close);
}

void Session::finish(bool close) {
    if (phase_ != Phase::exchange && phase_ != Phase::tunnel)
        return;
    stream_->set_owner(this);
    close_after_ = close_after_ || close || context_.draining ||
                   context_.worker.now() >= stream_->good_until() ||
                   requests_ >= context_.limits.requests_per_connection;
    context_.worker.poller().retire(std::move(exchange_));
    phase_ = Phase::flushing;
    flush();
    if (phase_ == Phase::flushing)
        advance();
}

/// To this very process, which asked: nothing to decide, count or log.
void Session::answer_self() {
    out_ = "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    close_after_ = true;
    phase_ = Phase::flushing;
    flush();
}

bool Session::step_flush() {
    if (!out_.empty() || blocked_)
        return false;
    next_message();
    return true;
}

void Session::next_message() {
    if (close_after_)
        return half_close();
    phase_ = Phase::head;
    if (out_.capacity() > sizeof(std::string))
        std::string().swap(out_);
    in_.release_if_empty();
    if (!in_.empty())
        return arm(context_.limits.header_time);
    const auto good_for = std::chrono::duration_cast<std::chrono::milliseconds>(
        stream_->good_until() - context_.worker.now());
    arm(std::min(context_.limits.keep_alive_time, good_for));
}

/// Our side is finished; the peer has close_time to finish its own. What it still sends is read and
/// dropped, so that no RST overtakes the answer (RFC 9112 §9.6).
void Session::half_close() {
    phase_ = Phase::closing;
    in_.release();
    stream_->shutdown_write();
    arm(context_.limits.close_time);
    advance();
}

bool Session::step_closing() {
    for (int i = 0; i < reads_in_a_row; ++i) {
        if (eof_ || stream_->broken()) {
            close();
            return false;
        }
        if (!stream_->readable()) {
            in_.release();
            return false;
        }
        const auto result = stream_->read(in_.room());
        eof_ = result.state == net::IoState::end || result.state == net::IoState::error;
    }
    in_.release();
    stream_->yield();
    return false;
}

void Session::abort() {
    stream_->reset_on_close();
    close();
}

}  // namespace beta::proxy
