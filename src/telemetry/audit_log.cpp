#include "beta/telemetry/audit_log.hpp"

#include "beta/model/failure.hpp"

#include "record_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace beta::telemetry {
namespace {

constexpr std::size_t line_bytes =
    1024  // keys, numbers and words
    + max_escape * (4 * name_bytes + method_bytes + path_bytes + id_bytes);
static_assert(line_bytes + 256 < audit::max_line);  // sealed

/// Of a request that the policy did not decide, or not alone.
bool is_denied(model::Failure failure) noexcept {
    return failure == model::Failure::unknown_destination ||
           failure == model::Failure::misdirected || failure == model::Failure::peer_untrusted;
}

}  // namespace

bool AuditLog::is_denial(const Record& record) noexcept {
    return record.is_denied() || is_denied(record.failure);
}

void AuditLog::make_room() {
    if (LogBlock::capacity - block_.size < line_bytes)
        hand_over();
}

void AuditLog::write(const Record& record) {
    if (!record.decided && !is_denied(record.failure))
        return;  // there was no decision
    make_room();
    JsonLine line(block_.end());
    line.word("time", timestamp_.of(std::chrono::system_clock::now()));
    line.word("event", is_denial(record) ? "denied" : "allowed");
    write_parties(line, record);
    if (record.decided) {
        text_if_known(line, "beta.rule", record.rule, name_bytes);
        line.flag("beta.enforced", record.enforced);
    }
    if (record.failure != model::Failure::none)
        line.word("error.type", model::facts(record.failure).name);
    text_if_known(line, "http.request.method", record.method, method_bytes);
    text_if_known(line, "url.path", record.path, path_bytes);
    line.number("http.response.status_code", record.status);
    text_if_known(line, "beta.request_id", record.request_id, id_bytes);
    block_.size = static_cast<std::size_t>(line.finish() - block_.bytes.get());
    ++block_.lines;
}

void AuditLog::handshake(acl::Direction direction, std::string_view plane, std::string_view fault) {
    static constexpr std::array<std::string_view, 7> of_nobody{
        "alert", "closed", "flood", "not_tls", "old_version", "protocol", "timeout"};
    if (std::ranges::find(of_nobody, fault) != of_nobody.end())
        return;
    make_room();
    JsonLine line(block_.end());
    line.word("time", timestamp_.of(std::chrono::system_clock::now()));
    line.word("event", "denied");
    line.word("beta.direction", word(direction));
    text_if_known(line, "beta.plane", plane, name_bytes);
    line.word("error.type", "peer_untrusted");
    line.text("beta.handshake", fault, name_bytes);
    block_.size = static_cast<std::size_t>(line.finish() - block_.bytes.get());
    ++block_.lines;
}

void AuditLog::hand_over() {
    writer_.hand_over(block_);
}

}  // namespace beta::telemetry
