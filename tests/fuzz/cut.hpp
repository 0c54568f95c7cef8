// cut: a byte stream through scan, parse, framing and forward, as a session and an upstream run it.
#pragma once

#include "beta/http/body.hpp"
#include "beta/http/forward.hpp"
#include "beta/http/framing.hpp"
#include "beta/http/head.hpp"
#include "beta/http/request_fault.hpp"
#include "beta/http/target.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beta::fuzz {

struct Message {
    std::string method;  // of a request
    std::string target;
    unsigned status = 0;  // of an answer
    std::string head;     // as it is forwarded
    std::string body;     // as it is forwarded, so far
    std::uint64_t payload = 0;
    bool chunked = false;
    bool whole = false;
    std::size_t end = 0;  // of a whole one, in what was received
};

struct Cut {
    std::vector<Message> messages;
    model::Failure failure =
        model::Failure::none;  // what ended it; none: bytes are missing, or none
    std::size_t used = 0;      // bytes of the messages

    std::string forwarded() const {
        std::string all;
        for (const auto& message : messages)
            all += message.head + message.body;
        return all;
    }
};

/// Whatever the reads, the same messages and the same end. Of a body that is refused, more or less
/// may have been passed on by then.
inline bool same_cuts(const Cut& one, const Cut& other) {
    if (one.failure != other.failure || one.messages.size() != other.messages.size())
        return false;
    for (std::size_t i = 0; i < one.messages.size(); ++i) {
        const auto& a = one.messages[i];
        const auto& b = other.messages[i];
        const bool same_body =
            a.whole ? a.body == b.body : a.body.starts_with(b.body) || b.body.starts_with(a.body);
        if (a.head != b.head || a.whole != b.whole || !same_body)
            return false;
    }
    return true;
}

inline constexpr http::HeadLimits head_limits{8192, 2048, 64};
inline constexpr std::uint64_t body_limit = 1 << 20;
inline constexpr http::BodyLimits body_limits{body_limit, 64, 1024};

/// Hands the stream over in growing pieces: `step` bytes more each time that more are needed.
class Stream {
  public:
    Stream(std::string_view all, std::size_t step)
        : all_(all), step_(std::max<std::size_t>(step, 1)) {
        more();
    }
    std::string_view seen() const { return all_.substr(used_, seen_ - used_); }
    bool more() {
        const bool any = seen_ < all_.size();
        seen_ = std::min(all_.size(), seen_ + step_);
        return any;
    }
    void take(std::size_t bytes) { used_ += bytes; }
    std::size_t used() const { return used_; }
    bool ended() const { return seen_ == all_.size() && used_ == seen_; }

  private:
    std::string_view all_;
    std::size_t step_;
    std::size_t seen_ = 0;
    std::size_t used_ = 0;
};

inline model::Failure failure_of(http::HeadScan::State state) {
    using State = http::HeadScan::State;
    return state == State::malformed         ? model::Failure::malformed
           : state == State::target_too_long ? model::Failure::target_too_long
                                             : model::Failure::head_too_large;
}

/// The size of the head at the front of the stream, or 0 with a failure (none: it never ends).
inline std::size_t scan_head(Stream& stream, model::Failure& failure) {
    http::HeadScan scan;
    for (;;) {
        const auto state = stream.seen().empty() ? http::HeadScan::State::need_more
                                                 : scan.feed(stream.seen(), head_limits);
        if (state == http::HeadScan::State::complete)
            return scan.size();
        if (state != http::HeadScan::State::need_more) {
            failure = failure_of(state);
            return 0;
        }
        if (!stream.more())
            return 0;
    }
}

/// False when the body is refused or breaks off.
inline bool cut_body(Stream& stream, http::Framing framing, Message& message, Cut& cut) {
    http::BodyScan scan(framing, body_limits);
    message.chunked = framing.kind == http::BodyKind::chunked;
    while (!scan.done()) {
        const auto step = scan.feed(stream.seen());
        message.body += stream.seen().substr(0, step.bytes);
        stream.take(step.bytes);
        message.payload = scan.payload_bytes();
        cut.failure = step.failure;
        if (step.state == http::BodyScan::State::failed)
            return false;
        if (step.state == http::BodyScan::State::more && !stream.more()) {
            message.whole = framing.kind == http::BodyKind::until_close;
            message.end = stream.used();
            return false;
        }
    }
    message.whole = true;
    message.end = stream.used();
    return true;
}

inline Cut cut_requests(std::string_view bytes, std::size_t step) {
    Cut cut;
    Stream stream(bytes, step);
    http::RequestHead head;
    while (const auto size = scan_head(stream, cut.failure)) {
        cut.failure = http::parse(stream.seen().substr(0, size), head_limits, head);
        if (cut.failure != model::Failure::none)
            break;
        const auto framing = http::request_framing(head, body_limit);
        if (!framing) {
            cut.failure = framing.error();
            break;
        }
        const auto target = http::split_target(head);
        cut.failure = http::request_fault(head, *framing);
        if (cut.failure == model::Failure::none && !target)
            cut.failure = target.error();
        if (cut.failure == model::Failure::none && head.method == "CONNECT")
            cut.failure = model::Failure::method_unsupported;
        if (cut.failure != model::Failure::none)
            break;
        auto& message = cut.messages.emplace_back();
        message.method = head.method;
        message.target = target->path_query;
        http::write_request(message.head, head, *target, {});
        const bool last = http::wants_close(head.fields, head.http10);
        stream.take(size);
        if (!cut_body(stream, *framing, message, cut) || last)
            break;
    }
    cut.used = stream.used();
    return cut;
}

/// Answers to requests that were not HEAD.
inline Cut cut_answers(std::string_view bytes, std::size_t step) {
    Cut cut;
    Stream stream(bytes, step);
    http::ResponseHead head;
    while (const auto size = scan_head(stream, cut.failure)) {
        cut.failure = http::parse(stream.seen().substr(0, size), head_limits, head);
        if (cut.failure != model::Failure::none)
            break;
        const auto framing = http::response_framing(head, false, body_limit);
        if (!framing || head.status == 101) {
            cut.failure = model::Failure::upstream_malformed;
            break;
        }
        auto& message = cut.messages.emplace_back();
        message.status = head.status;
        http::write_response(message.head, head, {});
        const bool last = !head.interim() && http::wants_close(head.fields, head.http10);
        stream.take(size);
        if (!cut_body(stream, *framing, message, cut) || last)
            break;
    }
    cut.used = stream.used();
    return cut;
}

}  // namespace beta::fuzz
