#include "beta/app/trace_export.hpp"

#include "beta/acl/policy.hpp"
#include "beta/http/field_id.hpp"
#include "beta/http/trace_context.hpp"
#include "beta/proxy/head_limits.hpp"
#include "beta/telemetry/build_info.hpp"
#include "beta/upstream/route.hpp"

#include <algorithm>
#include <utility>

namespace beta::app {
namespace {

using model::Failure;
using Verdict = trace::Answer::Verdict;

constexpr std::string_view path = "/v1/traces";    // OTLP §OTLP/HTTP Request
constexpr std::size_t heard_at_most = 4uz * 1024;  // of an answer that holds a number

/// Not sampled: the request that brings spans has none, at the collector's sidecar neither.
std::string head_text(const std::string& collector, std::size_t body, const std::string& version,
                      std::string_view random) {
    std::string text = "POST ";
    text.append(path).append(" HTTP/1.1\r\nHost: ").append(collector);
    text.append("\r\nUser-Agent: beta-sidecar/").append(version);
    text.append("\r\nContent-Type: application/json\r\nContent-Length: ");
    text.append(std::to_string(body)).append("\r\n");
    return text.append(http::traceparent_line({.trace_id = random, .parent_id = random.substr(16)}))
        .append("\r\n");
}

/// What no further try will change.
Verdict verdict_of(Failure failure) noexcept {
    switch (failure) {
        case Failure::denied:
        case Failure::unknown_destination:
            return Verdict::denied;
        default:
            return Verdict::later;
    }
}

std::string why_not(const config::Config& config, const Loaded& loaded) {
    const auto& collector = config.tracing.collector;
    const auto* const entry = loaded.directory->find(collector);
    if (entry == nullptr)
        return "the directory has no service of this name";
    if (entry->is_external())
        return "it is a host outside, and spans do not leave the system";
    if (entry->onion && entry->onion->for_caller(config.plane.view()) == nullptr)
        return "the directory has no onion of it for callers of plane " + config.plane.str();
    const auto decision = acl::evaluate(
        *loaded.policy, {.direction = acl::Direction::egress,
                         .from = {.plane = config.plane.view(), .service = config.service.view()},
                         .to = {.plane = entry->plane,
                                .name = entry->name,
                                .external = false,
                                .id = upstream::destination_id(entry->id)},
                         .method = "POST",
                         .path = path});
    if (!decision.allowed())
        return "POST " + std::string(path) + " is denied by rule " + std::string(decision.rule) +
               " (" + std::string(decision.reason) + ")";
    return {};
}

}  // namespace

model::Diagnostics tracing_warnings(const config::Config& config, const Loaded& loaded) {
    if (config.tracing.collector.empty())
        return {};
    auto why = why_not(config, loaded);
    if (why.empty())
        return {};
    return {{.file = "tracing.collector",
             .message = "no span will reach " + config.tracing.collector + ": " + std::move(why),
             .code = "TRACING_NO_WAY",
             .severity = model::Diagnostic::Severity::warning}};
}

trace::Outbox::Terms terms_of(const config::Tracing& tracing) {
    return {.queue_spans = tracing.queue_spans,
            .batch_spans = std::min(tracing.batch_spans, tracing.queue_spans),
            .flush = tracing.flush};
}

/// Readiness does not fall by traces.
Watch::Also shown(const telemetry::SpanQueue& queue) {
    return {.checks = [](std::vector<admin::Check>&) {},
            .facts =
                [&queue](telemetry::Facts& facts) {
                    const auto counts = queue.counts();
                    facts.spans = telemetry::SpanFacts{
                        .sent = counts.sent, .dropped = counts.dropped, .refused = counts.refused};
                }};
}

TraceExport::TraceExport(const config::Config& config, telemetry::SpanQueue& queue, Lane& lane)
    : lane_(lane),
      queue_(queue),
      collector_(config.tracing.collector),
      resource_{.service = config.service.str(),
                .plane = config.plane.str(),
                .version = std::string(telemetry::build_info().version)},
      side_(config.service, config.plane) {
    look_again();
}

/// What is under way ends with its lane.
TraceExport::~TraceExport() = default;

void TraceExport::send_rest(std::function<void()> finished) {
    lane_.worker().post([this, finished = std::move(finished)]() mutable {
        finished_ = std::move(finished);
        queue_.finish();
    });
}

/// The wheel turns anyway: nobody needs to say that there is something.
void TraceExport::expired() {
    look_again();
    if (exchange_)
        return;
    if (const auto spans = queue_.take())
        return send(*spans);
    if (finished_ && queue_.is_done())
        std::exchange(finished_, nullptr)();
}

void TraceExport::send(const std::string& spans) {
    auto& context = lane_.context();
    body_ = trace::request(resource_, spans);
    unsent_ = body_;
    heard_.clear();
    answer_ = {};
    const auto random = context.ids.next();
    const auto text =
        head_text(collector_, body_.size(), resource_.version, {random.data(), random.size()});
    auto& head = context.request_scratch;
    const auto failure = http::parse(text, proxy::head_limits(context.limits), head);
    const auto target = http::split_target(head);
    if (failure != Failure::none || !target)
        return over({.verdict = Verdict::denied});  // limits so narrow that no request fits
    const auto* const entry = context.snapshot->directory->find(collector_);
    if (entry != nullptr && entry->is_external())
        return over({.verdict = Verdict::denied});
    exchange_ = std::make_unique<proxy::Exchange>(context, side_, side_.source(),
                                                  static_cast<proxy::Downstream&>(*this));
    exchange_->begin(head, *target, {.kind = http::BodyKind::length, .length = body_.size()});
}

void TraceExport::over(trace::Answer answer) {
    if (exchange_)
        lane_.worker().poller().retire(std::move(exchange_));
    queue_.answered(answer);
}

void TraceExport::pull() {
    while (!unsent_.empty()) {
        const auto taken = exchange_->request_body(unsent_);
        if (!exchange_ || taken == 0)
            return;
        unsent_.remove_prefix(taken);
        if (unsent_.empty())
            exchange_->request_end(body_.size());
    }
}

void TraceExport::send_head(const http::ResponseHead& head, const http::Framing&,
                            http::HeadChanges) {
    if (head.interim())
        return;
    answer_.verdict = trace::verdict_of(head.status);
    if (const auto* const field = head.find("retry-after"))
        answer_.after = trace::retry_after(field->value);
}

/// As framed on the way: a number that chunks cut in two is not found, and nothing is lost by it.
std::size_t TraceExport::send_body(std::string_view bytes) {
    heard_.append(bytes.substr(0, heard_at_most - heard_.size()));
    return bytes.size();
}

void TraceExport::send_problem(http::Problem problem, bool) {
    over({.verdict = verdict_of(problem.failure)});
}

void TraceExport::finish(bool) {
    if (answer_.verdict == Verdict::taken)
        answer_.rejected = trace::rejected_spans(heard_);
    over(answer_);
}

}  // namespace beta::app
