#include "beta/http/field_id.hpp"
#include "beta/local/app_lines.hpp"
#include "beta/model/names.hpp"
#include "beta/proxy/exchange.hpp"
#include "beta/telemetry/json_text.hpp"

#include "local_pages.hpp"

#include <algorithm>
#include <utility>

// The sidecar itself is asked, at beta.internal: nothing is decided, and nothing leaves the
// machine.
namespace beta::proxy {
namespace {

using model::Failure;
using telemetry::AppLogResult;

std::string_view value_of(const http::RequestHead& head, std::string_view name) {
    const auto* const field = head.find(name);
    return field == nullptr ? std::string_view{} : field->value;
}

bool awaits_continue(const http::RequestHead& head) {
    return !head.http10 && head.find(http::FieldId::expect) != nullptr;
}

std::string too_large(std::size_t limit) {
    return "the body is larger than limits.app_log_bytes (" + std::to_string(limit) +
           "): send fewer lines at once";
}

}  // namespace

void Exchange::begin_local(const http::RequestHead& head, const http::Target& target,
                           const http::Framing& framing) {
    record_.destination = model::own_host;
    record_.destination_plane = source_.plane;
    const auto ask = local::read_ask({.method = head.method,
                                      .path = target.path,
                                      .content_type = value_of(head, "content-type"),
                                      .encoded = !value_of(head, "content-encoding").empty()});
    if (!ask)
        return fail(ask.error().failure, {}, ask.error().fields);
    const auto limit = context_.limits.app_log_bytes;
    if (framing.length > limit)
        return fail(Failure::body_too_large, too_large(limit));
    local_ = std::make_unique<LocalCall>(*ask, http::Payload(framing.kind));
    if (request_done_)
        return answer_local();
    if (!awaits_continue(head))
        return;
    http::ResponseHead go_on;
    go_on.status = 100;
    go_on.reason = "Continue";
    downstream_.send_head(go_on, {}, {});
    downstream_.flush();
}

void Exchange::gather(std::string_view bytes) {
    local_->payload.feed(bytes, local_->body);
    if (const auto limit = context_.limits.app_log_bytes; local_->body.size() > limit)
        fail(Failure::body_too_large, too_large(limit));
}

void Exchange::answer_local() {
    switch (local_->ask.page) {
        case local::Page::logs:
            return take_logs();
        case local::Page::whoami:
            return answer(200, whoami(source_, *snapshot_, std::chrono::system_clock::now()));
        case local::Page::services:
            return answer(200, services(source_, *snapshot_, context_.limits.app_services));
    }
}

void Exchange::take_logs() {
    telemetry::Timestamp time;
    const local::Stamp stamp{.timestamp = time.of(std::chrono::system_clock::now()),
                             .service = source_.service,
                             .plane = source_.plane,
                             .request_id = record_.request_id};
    const auto lines =
        local::read_app_lines(local_->body, local_->ask.form, stamp,
                              {context_.limits.app_log_line_bytes, telemetry::LogBlock::capacity});
    if (!lines)
        return refuse_logs(
            AppLogResult::malformed, lines.error().lines, Failure::log_malformed,
            "line " + std::to_string(lines.error().line) + ": " + lines.error().what);
    const auto count = lines->ends.size();
    const auto told = context_.app_log->take(*lines, began_.time_since_epoch());
    const auto wait = "Retry-After: " + std::to_string(told.retry_after.count()) + "\r\n";
    switch (told.result) {
        case AppLogResult::limited:
            return refuse_logs(told.result, count, Failure::log_flood,
                               "more lines a second than limits.app_log_rate", wait);
        case AppLogResult::full:
            return refuse_logs(told.result, count, Failure::log_flood,
                               "half of the log's queue is full (log.queue_lines): its reader is "
                               "slower than what is written",
                               wait);
        case AppLogResult::too_many:
            return refuse_logs(told.result, count, Failure::body_too_large,
                               "more lines than half of log.queue_lines: send fewer at once");
        default:
            break;
    }
    context_.shard.app_log(AppLogResult::taken, count);
    answer(202, "{\"taken\":" + std::to_string(count) + "}\n");
}

void Exchange::refuse_logs(AppLogResult result, std::size_t lines, Failure failure,
                           std::string_view detail, std::string_view fields) {
    context_.shard.app_log(result, lines);
    fail(failure, std::string(detail) + "; nothing of this request was taken", fields);
}

/// A whole answer of our own that is no failure.
void Exchange::answer(unsigned status, std::string_view body) {
    answered_ = true;
    record_.status = static_cast<std::uint16_t>(status);
    record_.response_bytes = to_head_ ? 0 : body.size();
    settle(Failure::none);
    downstream_.send_own_answer({.status = status,
                                 .request_id = record_.request_id,
                                 .body = body,
                                 .to_head = to_head_,
                                 .close = close_});
}

}  // namespace beta::proxy
