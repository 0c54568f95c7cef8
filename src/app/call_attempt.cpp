#include "call_attempt.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace beta::app {
namespace {

using model::Failure;
using probe::Step;

/// TLS 1.3 lets the callee refuse our certificate after our side of the handshake is done; its
/// ticket says that it did not. One without tickets says nothing.
constexpr std::chrono::milliseconds objection_time{10'000};

/// What a peer wrote, fit for a terminal.
std::string printable(std::string_view bytes) {
    std::string text(bytes);
    std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text;
}

}  // namespace

CallAttempt::CallAttempt(runtime::Worker& worker, const upstream::Route& route, Terms terms,
                         probe::Report& report)
    : worker_(worker),
      route_(route),
      terms_(std::move(terms)),
      report_(report),
      connector_(worker, shard_, route) {}

void CallAttempt::start() {
    began_ = std::chrono::steady_clock::now();
    connector_.start([this](auto outcome) { connected(std::move(outcome)); }, terms_.timeout);
}

std::string CallAttempt::took() const {
    const auto time = std::chrono::steady_clock::now() - began_;
    return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) +
           " ms";
}

void CallAttempt::connected(std::expected<net::StreamHandle, Failure> outcome) {
    if (!outcome && connector_.is_greeting())
        report_.connected({});
    if (!outcome) {
        report_.connect_failed(outcome.error(), connector_.is_greeting(), connector_.detail());
        return finish();
    }
    report_.connected(route_.tls ? "" : "a stream after " + took());
    stream_ = std::move(*outcome);
    stream_->set_owner(this);
    if (!route_.tls && !route_.speaks_first)
        report_.passed(Step::tls,
                       "none: the directory's sidecars are known by their onions "
                       "alone (identity: listener)");
    if (!route_.tls)
        return ask();
    part_ = Part::tls;
    worker_.wheel().arm(*this, std::min(objection_time, terms_.timeout));
    hear_of_tls();
}

void CallAttempt::stream_ready() {
    switch (part_) {
        case Part::tls:
            return hear_of_tls();
        case Part::answer:
            send_rest();
            return hear_answer();
        default:
            return;
    }
}

void CallAttempt::expired() {
    if (part_ == Part::tls)
        return tls_is_up("it does not say whether it takes our certificate");
    fail(Step::app, "no answer within " + std::to_string(terms_.timeout.count()) +
                        " ms of the request; see whether the app answers its own sidecar");
}

void CallAttempt::hear_of_tls() {
    std::array<char, 256> bytes;  // NOLINT: filled by the kernel
    const auto result = stream_->read(bytes);
    if (route_.tls && route_.tls->tickets->size() > 0)
        return tls_is_up("it takes our certificate");
    switch (result.state) {
        case net::IoState::would_block:
            return;
        case net::IoState::ok:
            return fail(Step::tls, "it speaks before it is asked: this is no sidecar");
        case net::IoState::end:
            return tls_failed("closed");
        case net::IoState::error:
            return tls_failed(stream_->layer()->fault());
    }
}

void CallAttempt::tls_is_up(std::string_view verdict) {
    report_.passed(Step::tls, printable(stream_->layer()->peer()->identity.id) + " after " +
                                  took() + "; " + std::string(verdict));
    ask();
}

void CallAttempt::tls_failed(std::string_view fault) {
    const auto failure = fault == "alert" ? Failure::certificate_refused : Failure::tls_failed;
    report_.connect_failed(failure, true, fault);
    finish();
}

void CallAttempt::ask() {
    if (terms_.request.empty())
        return finish();
    part_ = Part::answer;
    began_ = std::chrono::steady_clock::now();
    unsent_ = terms_.request;
    worker_.wheel().arm(*this, terms_.timeout);
    send_rest();
    hear_answer();
}

void CallAttempt::send_rest() {
    if (!unsent_.empty())
        unsent_.remove_prefix(stream_->write(unsent_).bytes);
}

void CallAttempt::hear_answer() {
    const auto& limits = terms_.limits;
    std::array<char, 4096> bytes;  // NOLINT: filled by the kernel
    while (part_ == Part::answer) {
        const auto result = stream_->read(bytes);
        if (result.state == net::IoState::would_block)
            return;
        if (result.state != net::IoState::ok)
            return fail(Step::app,
                        "the connection ended before an answer; see the log of the "
                        "other sidecar");
        heard_.append(bytes.data(), result.bytes);
        const auto state = scan_.feed(heard_, limits);
        if (state == http::HeadScan::State::need_more)
            continue;
        http::ResponseHead head;
        if (state != http::HeadScan::State::complete ||
            http::parse(std::string_view(heard_).substr(0, scan_.size()), limits, head) !=
                Failure::none)
            return fail(Step::app, "the answer is not well-formed HTTP/1.1");
        answered(head);
    }
}

/// What a sidecar says of itself is not the app's answer.
void CallAttempt::answered(const http::ResponseHead& head) {
    const auto status = std::to_string(head.status);
    const auto* const own = head.find(http::FieldId::proxy_status);
    if (own == nullptr || !own->value.starts_with("beta;")) {
        report_.passed(Step::app, "answered " + status + " after " + took());
        return finish();
    }
    constexpr std::uint16_t forbidden = 403;
    if (head.status == forbidden)
        return fail(Step::app,
                    "the other sidecar denies it (403); see the policy of its plane, with "
                    "`beta-sidecar acl explain`",
                    probe::Verdict::denied);
    fail(Step::app, "the other sidecar answered " + status + " itself: " + printable(own->value) +
                        "; see its log, and whether its app runs");
}

void CallAttempt::fail(Step step, std::string words, probe::Verdict verdict) {
    report_.failed(step, std::move(words), verdict);
    finish();
}

void CallAttempt::finish() {
    part_ = Part::done;
    cancel();
    stream_.reset();
    over_.set_value();
}

}  // namespace beta::app
