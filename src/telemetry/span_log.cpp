#include "beta/telemetry/span_log.hpp"

#include "beta/model/failure.hpp"
#include "beta/telemetry/labels.hpp"

namespace beta::telemetry {
namespace {

constexpr std::size_t hold = 64;  // then a hand-over is worth its lock within a batch, too

class Attributes {
  public:
    void word(std::string_view key, std::string_view value) {
        if (!value.empty())
            list_.push_back({.key = key, .value = value});
    }
    void number(std::string_view key, std::uint64_t value) {
        list_.push_back({.key = key, .value = value});
    }
    void flag(std::string_view key, bool value) { list_.push_back({.key = key, .value = value}); }
    std::span<const trace::Attribute> list() const noexcept { return list_; }

  private:
    std::vector<trace::Attribute> list_;
};

/// OpenTelemetry's conventions for HTTP: what the caller did wrong is no fault of the server's.
bool has_failed(const Record& record) noexcept {
    constexpr std::uint16_t client_errors = 400;
    constexpr std::uint16_t server_errors = 500;
    const bool egress = record.direction == acl::Direction::egress;
    const bool was_cut_off =
        record.failure != model::Failure::none && record.status < client_errors;
    return was_cut_off || record.status >= (egress ? client_errors : server_errors);
}

/// A method that is none is no name of a span: there are too many of them.
std::string name_of(const Record& record, std::string_view method) {
    std::string name(method == method_label(method_other) ? "HTTP" : method);
    if (!record.destination.empty())
        name.append(" ").append(record.destination);
    return name;
}

void add_message(Attributes& to, const Record& record, std::string_view method) {
    to.word("http.request.method", method);
    if (method != record.method)
        to.word("http.request.method_original", record.method);
    to.word("url.path", record.path);
    to.word("url.scheme", "http");
    to.word("server.address", record.destination);
    if (record.status != 0)
        to.number("http.response.status_code", record.status);
    to.number("http.request.body.size", record.request_bytes);
    to.number("http.response.body.size", record.response_bytes);
    to.word("network.protocol.version", record.http10 ? "1.0" : "1.1");
    to.word("user_agent.original", record.user_agent);
}

void add_decision(Attributes& to, const Record& record) {
    const bool egress = record.direction == acl::Direction::egress;
    to.word("beta.direction", acl::word(record.direction));
    to.word("beta.source", record.source_service);
    to.word("beta.destination", record.destination);
    to.word("beta.plane", egress ? record.destination_plane : record.source_plane);
    if (record.decided) {
        to.word("beta.rule", record.rule);
        to.word("beta.decision", acl::word(record.verdict));
        to.flag("beta.enforced", record.enforced);
    }
    if (record.attempts > 0)
        to.number("beta.upstream.attempts", record.attempts);
    to.word("beta.request_id", record.request_id);
}

}  // namespace

void SpanLog::write(const Record& record, const trace::Ids& ids, std::string_view state,
                    std::chrono::system_clock::time_point end) {
    using Clock = std::chrono::system_clock;
    const auto method = method_label(method_index(record.method));
    const bool failed = has_failed(record);
    const auto status = std::to_string(record.status);
    Attributes attributes;
    add_message(attributes, record, method);
    add_decision(attributes, record);
    if (record.failure != model::Failure::none)
        attributes.word("error.type", model::facts(record.failure).name);
    else if (failed)
        attributes.word("error.type", status);
    const auto name = name_of(record, method);
    const bool egress = record.direction == acl::Direction::egress;
    spans_.push_back(
        trace::json({.ids = ids,
                     .state = state,
                     .kind = egress ? trace::Kind::client : trace::Kind::server,
                     .name = name,
                     .begin = end - std::chrono::duration_cast<Clock::duration>(record.duration),
                     .end = end,
                     .attributes = attributes.list(),
                     .has_failed = failed}));
    if (spans_.size() >= hold)
        hand_over();
}

void SpanLog::hand_over() {
    if (!spans_.empty())
        queue_.hand_over(spans_);
}

}  // namespace beta::telemetry
