#include "beta/proxy/exchange.hpp"

#include "beta/acl/policy.hpp"
#include "beta/http/field_id.hpp"
#include "beta/http/framing.hpp"

#include "limit_words.hpp"

namespace beta::proxy {
namespace {

using model::Failure;

/// A field that will not be forwarded is not there for the policy either: what was decided on is
/// what is forwarded. The loader refuses conditions on those that a side always drops.
acl::HeaderLines::Line line_at(const void* fields, std::size_t index) noexcept {
    const auto& list = *static_cast<const std::vector<http::Field>*>(fields);
    if (http::is_hop_by_hop(list[index], list))
        return {};
    return {.name = list[index].name, .value = list[index].value};
}

}  // namespace

bool is_request_id(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 &&
           text.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               "-_.:+/=") == text.npos;
}

Exchange::Exchange(Context& context, const Side& side, const acl::Source& source,
                   Downstream& downstream)
    : context_(context),
      side_(side),
      source_(source),
      downstream_(downstream),
      snapshot_(context.snapshot),
      upstream_(*this, context.blocks, context.limits, context.response_scratch),
      id_(context.ids.next()),
      began_(std::chrono::steady_clock::now()) {
    record_.request_id = {id_.data(), id_.size()};
    record_.direction = side.direction();
    record_.source_service = source.service;
    record_.source_plane = source.plane;
}

Exchange::~Exchange() {
    if (!settled_)
        downstream_gone();
}

void Exchange::begin(const http::RequestHead& head, const http::Target& target,
                     const http::Framing& framing) {
    note(head, target.path);
    follow_trace(head);
    close_ = http::wants_close(head.fields, head.http10) || context_.draining;
    request_done_ = framing.kind == http::BodyKind::none;
    const auto asked = http::requested_switch(head, framing);
    if (!asked)
        return fail(asked.error());
    switch_ = *asked;
    const bool connect = switch_ == http::Switch::connect;
    close_ = close_ || connect;  // refused, what follows it may be meant for the tunnel
    if (const auto failure = unspeakable(head))
        return fail(*failure);
    char room[254];
    const auto host = http::lower_host(target.host, room);
    if (!connect && side_.answers(host))
        return begin_local(head, target, framing);
    const auto destination = connect ? side_.locate_tunnel(*snapshot_->directory, host, target.port)
                                     : side_.locate(*snapshot_->directory, host);
    if (!destination)
        return fail(destination.error());
    record_.destination = destination->name;
    record_.destination_plane = destination->plane;
    const auto decision = decide(head, target, *destination);
    const auto& permit = decision.permit;
    if (!permit.has_value())
        return fail(Failure::denied, decision.reason);
    if (!take_limit(decision))
        return;
    if (context_.audit != nullptr && context_.audit->refuses())
        return fail(Failure::audit_unwritten);
    if (!connect)
        write_head(head, target, decision, destination->external);
    if (request_done_)
        upstream_.finish_request();
    borrow(*permit);
}

void Exchange::write_head(const http::RequestHead& head, const http::Target& target,
                          const acl::Decision& decision, bool outside) {
    std::string added;
    auto changes = side_.request_changes(source_, decision, record_.request_id, id_given_, added);
    changes.websocket = switch_ == http::Switch::websocket;
    write_trace(head, outside, changes, added);
    upstream_.write_head(head, target, changes);
    if (changes.websocket)
        upstream_.expect_websocket(http::websocket_accept(head));
}

void Exchange::refuse(Failure failure, const http::RequestHead* head) {
    if (head != nullptr)
        note(*head, head->target.substr(0, head->target.find('?')));
    close_ = true;
    fail(failure);
}

/// What the record needs once the head's bytes have gone.
void Exchange::note(const http::RequestHead& head, std::string_view path) {
    const auto* const agent = head.find(http::FieldId::user_agent);
    const auto* const given = head.find(http::FieldId::request_id);
    const bool has_id = given != nullptr && head.count(http::FieldId::request_id) == 1 &&
                        is_request_id(given->value);
    id_given_ = has_id && side_.accepts_request_id();
    const std::string_view id = id_given_ ? given->value : std::string_view(id_.data(), id_.size());
    const std::string_view agent_text = agent == nullptr ? std::string_view{} : agent->value;
    const std::string_view caller_id = has_id && !id_given_ ? given->value : std::string_view{};
    notes_.reserve(head.method.size() + path.size() + agent_text.size() + id.size() +
                   caller_id.size());
    const auto keep = [this](std::string_view text) {
        const auto at = notes_.size();
        notes_ += text;
        return std::string_view(notes_).substr(at);
    };
    record_.method = keep(head.method);
    record_.path = keep(path);
    record_.user_agent = keep(agent_text);
    record_.request_id = keep(id);
    record_.caller_id = keep(caller_id);
    record_.http10 = head.http10;
    to_head_ = head.method == "HEAD";
}

/// What no policy can allow.
std::optional<Failure> Exchange::unspeakable(const http::RequestHead& head) const {
    if (http::own_via_count(head.fields) > side_.own_hops_allowed())
        return Failure::loop;
    return std::nullopt;
}

acl::Decision Exchange::decide(const http::RequestHead& head, const http::Target& target,
                               const acl::Destination& destination) {
    const acl::Request request{
        .direction = side_.direction(),
        .from = source_,
        .to = destination,
        .method = head.method,
        .path = target.path,
        .headers = {.fields = &head.fields, .count = head.fields.size(), .at = line_at},
        .tunnel = switch_ == http::Switch::connect};
    const auto decision = acl::evaluate(*snapshot_->policy, request);
    record_.decided = true;
    record_.verdict = decision.verdict;
    record_.rule = decision.rule;
    record_.rule_id = decision.rule_id;
    record_.enforced = decision.enforced;
    return decision;
}

bool Exchange::take_limit(const acl::Decision& decision) {
    if (decision.limit == nullptr)
        return true;
    const auto answer =
        context_.limiter.take(decision.limit_key, *decision.limit, began_.time_since_epoch());
    if (answer.passes)
        return true;
    const auto& policy = *snapshot_->policy;
    record_.verdict = acl::Verdict::deny;
    record_.rule = policy.rule_name(decision.limited_by);
    record_.rule_id = decision.limited_by;
    record_.limited = true;
    record_.enforced = policy.file().mode == acl::Mode::enforce;
    if (!record_.enforced)
        return true;
    const LimitWords words(*decision.limit, answer.retry_after,
                           side_.full_detail() ? record_.rule : "default");
    fail(Failure::rate_limited, words.detail(record_.rule), words.fields());
    return false;
}

void Exchange::borrow(const acl::Permit& permit) {
    permit_ = permit;
    waiting_ = true;
    ++record_.attempts;
    context_.pool.borrow(permit, *this);
}

void Exchange::borrowed(upstream::PooledStream& stream) {
    waiting_ = false;
    if (switch_ == http::Switch::connect)
        return open_connect(stream);
    upstream_.attach(stream);
    if (request_done_) {
        prepare_hedge(stream);
        upstream_.flush();
    } else {
        downstream_.pull();  // the head leaves together with the first body bytes
    }
    if (!settled_)
        await_response();
}

void Exchange::refused(Failure failure) {
    waiting_ = false;
    fail(failure == Failure::socks_refused && side_.direction() == acl::Direction::ingress
             ? side_.unreachable()
             : failure);
}

std::size_t Exchange::request_body(std::string_view bytes) {
    if (settled_ || !takes_body())
        return 0;
    if (local_) {
        gather(bytes);
        return bytes.size();
    }
    const auto taken = upstream_.send_body(bytes);
    if (!settled_ && upstream_.attached())
        await_response();
    return taken;
}

void Exchange::request_end(std::uint64_t payload_bytes) {
    record_.request_bytes = payload_bytes;
    request_done_ = true;
    if (local_)
        return answer_local();
    upstream_.finish_request();
    upstream_.flush();
    if (!settled_)
        await_response();  // from here on it is the answer that is late
}

void Exchange::request_failed(Failure failure) {
    fail(failure);
}

void Exchange::upstream_writable() {
    if (!request_done_)
        downstream_.pull();
    if (!settled_)
        await_response();
}

/// One timer for the upstream: while it is slow to take the request, and while it is slow to answer
/// it.
void Exchange::await_response() {
    if (answered_ || !upstream_.attached())
        return;
    const auto& limits = context_.limits;
    context_.worker.wheel().arm(*this, upstream_.blocked() ? limits.send_idle_time
                                       : request_done_     ? limits.response_time
                                                           : limits.body_idle_time * 2);
}

void Exchange::response_head(const http::ResponseHead& head, const http::Framing& framing) {
    if (hedge_)
        hedge_->stop();  // the first head counts, whichever copy it is to
    auto changes = side_.response_changes();
    if (head.status == 101) {
        changes.websocket = true;
        return switch_over(head, framing, changes);
    }
    if (head.interim()) {
        if (record_.http10)
            return;  // RFC 9110 §15.2: not to a client of HTTP/1.0
        downstream_.send_head(head, framing, changes);
        return downstream_.flush();
    }
    if (record_.http10 && framing.kind == http::BodyKind::chunked)  // RFC 9112 §6.1
        return fail(Failure::upstream_malformed);
    // Body bytes still to come have nowhere to go once the answer is complete.
    close_ = close_ || !request_done_ || context_.draining ||
             framing.kind == http::BodyKind::until_close;
    changes.close = close_;
    answered_ = true;
    record_.status = head.status;
    context_.worker.wheel().arm(*this, context_.limits.body_idle_time);
    downstream_.send_head(head, framing, changes);
}

std::size_t Exchange::response_body(std::string_view bytes) {
    const auto taken = downstream_.send_body(bytes);
    if (!settled_ && taken > 0)
        context_.worker.wheel().arm(*this, context_.limits.body_idle_time);
    return taken;
}

void Exchange::response_end() {
    note_bytes();
    release_stream();
    settle(Failure::none);
    downstream_.finish(close_);
}

void Exchange::upstream_failed(Failure failure) {
    if (!answered_ && (leave_to_hedge(failure) || try_another_stream(failure)))
        return;
    fail(failure);
}

/// A pooled stream that died before a byte of this request was sent is replaced, once.
bool Exchange::try_another_stream(Failure failure) {
    if (!permit_.has_value() || failure != Failure::upstream_closed || upstream_.anything_sent() ||
        upstream_.anything_received() || record_.attempts > 1)
        return false;
    hedge_.reset();
    context_.shard.retry("stale_stream");
    waiting_ = true;
    ++record_.attempts;
    bool clean = false;
    context_.pool.replace(*permit_, *upstream_.detach(clean), *this);
    return true;
}

void Exchange::release_stream() {
    bool clean = false;
    if (auto* const stream = upstream_.detach(clean))
        context_.pool.give_back(*stream, clean && !context_.draining);
}

void Exchange::expired() {
    if (waiting_)
        return;                              // the pool keeps the time of a connect
    if (answered_ && downstream_.blocked())  // it is not the upstream that is slow
        return context_.worker.wheel().arm(*this, context_.limits.body_idle_time);
    if (!answered_ && upstream_.still_reads())
        return await_response();
    fail(answered_ ? Failure::upstream_truncated : Failure::upstream_timeout);
}

/// The one place where a failure becomes an answer, or the lack of one.
void Exchange::fail(Failure failure, std::string_view detail, std::string_view fields) {
    if (settled_)
        return;
    if (answered_) {
        note_bytes();
        release_stream();
        settle(failure);
        return downstream_.abort();
    }
    const auto& facts = model::facts(failure);
    record_.status = facts.status;
    // A body that nobody reads leaves the framing in doubt: such a connection is not used again.
    close_ = close_ || !request_done_ || facts.side == model::Side::downstream;
    std::string words;
    if (failure == Failure::denied) {
        words.append("rule ").append(record_.rule).append(": ").append(detail);
        detail = words;
    }
    release_stream();
    settle(failure);
    downstream_.send_problem({.failure = failure,
                              .request_id = record_.request_id,
                              .detail = detail,
                              .full_detail = side_.full_detail(),
                              .to_head = to_head_,
                              .close = close_,
                              .fields = fields},
                             close_);
}

void Exchange::downstream_gone() {
    if (settled_)
        return;
    if (!answered_)
        record_.status = 499;
    note_bytes();
    release_stream();
    settle(Failure::downstream_closed);
}

void Exchange::settle(Failure failure) {
    settled_ = true;
    cancel();
    if (waiting_)
        context_.pool.cancel(*this);
    waiting_ = false;
    if (hedge_)
        hedge_->stop();
    record_.failure = failure;
    record_.duration = std::chrono::steady_clock::now() - began_;
    if (tunnel_)
        tunnel_->stop();
    if (tunnel_)
        context_.shard.tunnel_ended(record_.direction, failure);
    else
        count();
    const auto now = std::chrono::system_clock::now();
    context_.access_log.write(record_, now);
    context_.denials.note(record_, now);
    if (trace_)
        context_.spans->write(record_, trace_->ids, trace_->state, now);
}

/// Once a request; a tunnel when it opens.
void Exchange::count() {
    context_.shard.request(record_);
    if (context_.audit != nullptr)
        context_.audit->request(record_);
}

}  // namespace beta::proxy
