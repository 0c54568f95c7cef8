#include "beta/telemetry/access_log.hpp"

#include "beta/telemetry/labels.hpp"

#include "record_line.hpp"

#include <time.h>

#include <cassert>

namespace beta::telemetry {
namespace {

constexpr std::size_t agent_bytes = 256;

constexpr std::size_t line_bytes =
    1024  // keys, numbers and words
    + max_escape * (4 * name_bytes + method_bytes + path_bytes + agent_bytes + id_bytes);
static_assert(line_bytes * 2 < LogBlock::capacity);
constexpr std::size_t enough = LogBlock::capacity / 2;  // then a hand-over is worth its lock

/// A few nanoseconds, right to a few milliseconds.
std::chrono::nanoseconds coarse_now() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

/// What tor said, as far as the failure tells.
std::string_view tor_result(model::Failure failure) noexcept {
    using F = model::Failure;
    using R = TorResult;
    switch (failure) {
        case F::tor_unreachable:
            return label(R::socks_unreachable);
        case F::descriptor_not_found:
            return label(R::desc_not_found);
        case F::descriptor_invalid:
            return label(R::desc_invalid);
        case F::introduction_failed:
            return label(R::intro_failed);
        case F::rendezvous_failed:
            return label(R::rend_failed);
        case F::client_auth_missing:
            return label(R::auth_missing);
        case F::client_auth_wrong:
            return label(R::auth_wrong);
        case F::onion_address_bad:
            return label(R::bad_address);
        case F::introduction_timeout:
            return label(R::intro_timeout);
        case F::socks_general:
            return label(R::general);
        case F::socks_ruleset:
            return label(R::ruleset);
        case F::socks_unreachable:
            return label(R::unreachable);
        case F::socks_refused:
            return label(R::refused);
        case F::socks_ttl:
            return label(R::ttl);
        case F::connect_timeout:
            return label(R::timeout);
        default:
            return {};
    }
}

void write_message(JsonLine& line, const Record& record) {
    text_if_known(line, "http.request.method", record.method, method_bytes);
    text_if_known(line, "url.path", record.path, path_bytes);
    line.number("http.response.status_code", record.status);
    line.number("http.request.body.size", record.request_bytes);
    line.number("http.response.body.size", record.response_bytes);
    line.word("network.protocol.version", record.http10 ? "1.0" : "1.1");
    text_if_known(line, "user_agent.original", record.user_agent, agent_bytes);
}

void write_decision(JsonLine& line, const Record& record) {
    write_parties(line, record);
    if (!record.decided)
        return;
    text_if_known(line, "beta.rule", record.rule, name_bytes);
    line.word("beta.decision", word(record.verdict));
    line.flag("beta.enforced", record.enforced);
}

void write_outcome(JsonLine& line, const Record& record) {
    if (record.failure != model::Failure::none) {
        line.word("error.type", model::facts(record.failure).name);
        if (const auto result = tor_result(record.failure); !result.empty())
            line.word("beta.tor.result", result);
    }
    if (record.attempts > 0)
        line.number("beta.upstream.attempts", record.attempts);
    text_if_known(line, "beta.request_id", record.request_id, id_bytes);
    if (!record.trace_id.empty()) {
        line.word("trace_id", record.trace_id);
        line.word("span_id", record.span_id);
    }
    line.milliseconds("duration_ms", record.duration);
}

}  // namespace

void AccessLog::write(const Record& record, std::chrono::system_clock::time_point now) {
    const auto share = sampling_.takes(record);
    if (!share)
        return;
    if (LogBlock::capacity - block_.size < line_bytes)
        hand_over();
    if (block_.lines == 0)
        first_line_ = coarse_now();
    JsonLine line(block_.end());
    line.word("timestamp", timestamp_.of(now));
    line.word("log", "access");
    write_message(line, record);
    write_decision(line, record);
    write_outcome(line, record);
    if (!share->is_all())
        line.millionths("beta.sample", share->millionths());
    block_.size = static_cast<std::size_t>(line.finish() - block_.bytes.get());
    ++block_.lines;
    assert(block_.size <= LogBlock::capacity);
}

void AccessLog::flush() {
    if (block_.lines == 0)
        return;
    if (block_.size >= enough || coarse_now() - first_line_ >= patience)
        hand_over();
}

void AccessLog::hand_over() {
    writer_.hand_over(block_);
}

}  // namespace beta::telemetry
