#include "audit_trail.hpp"

#include "beta/telemetry/json_text.hpp"

#include <chrono>
#include <utility>

namespace beta::telemetry {
namespace {

std::string now() {
    Timestamp timestamp;
    return std::string(timestamp.of(std::chrono::system_clock::now()));
}

std::string rotated(const audit::Link& last) {
    return R"({"time":")" + now() + R"(","event":"rotated","after":)" + std::to_string(last.seq) +
           R"(,"last_hash":")" + last.hash + "\"}\n";
}

}  // namespace

std::expected<void, std::string> AuditTrail::prepare() {
    if (file_ && file_->is_gone()) {
        events_.error("audit log: its file was removed, and what stood in it with it",
                      {{"file", path_}});
        file_.reset();
    }
    if (!file_) {
        if (auto opened = open(); !opened)
            return opened;
    }
    while (!first_.empty()) {
        if (auto written = put(first_.front()); !written)
            return written;
        first_.pop_front();
    }
    return {};
}

std::expected<void, std::string> AuditTrail::write(std::string_view object) {
    if (auto prepared = prepare(); !prepared)
        return prepared;
    return put(object);
}

std::expected<void, std::string> AuditTrail::sync() {
    if (!file_)
        return {};
    auto synced = file_->sync();
    if (!synced)
        file_.reset();  // what is in it is read anew
    return synced;
}

std::expected<void, std::string> AuditTrail::open() {
    // Two writers would each break the other's chain.
    auto opened = LogFile::open(path_, LogFile::Writers::one);
    if (!opened)
        return std::unexpected(std::move(opened.error()));
    const auto end = opened->end(audit::tail_bytes);
    if (!end)
        return std::unexpected(end.error());
    file_ = std::make_unique<LogFile>(std::move(*opened));
    look_at(*end);
    return {};
}

/// A file with another end than ours is a new one, or was changed behind our back: the record that
/// begins it names the last of ours, so that both can be joined, or cannot.
void AuditTrail::look_at(const LogFile::End& end) {
    first_.clear();
    rest_.clear();
    const auto tail = audit::tail_of(end.bytes, end.from_start, seal_);
    lead_ = tail.lacks_feed ? "\n" : "";
    if (!tail.left.empty()) {
        first_.push_back(audit::remark(tail, now()));
        const bool is_torn = !tail.left.contains('\n');
        events_.error(is_torn ? "audit log: its last line is torn: its writer was stopped"
                              : "audit log: its end is not as it was written",
                      {{"file", path_}, {"bytes", std::to_string(tail.left.size())}});
    }
    if (!is_begun_)
        link_ = tail.last.value_or(audit::Link{});
    else if (tail.last != link_)
        first_.push_back(rotated(link_));
}

std::expected<void, std::string> AuditTrail::put(std::string_view object) {
    if (rest_.empty()) {
        auto [line, link] = audit::sealed(object, link_, seal_);
        rest_ = std::exchange(lead_, {}) + line;
        next_ = std::move(link);
    }
    const auto written = file_->append(rest_);
    rest_.erase(0, written.bytes);
    if (!written.error.empty()) {
        if (!file_->keeps_halves() || !file_->is_at(path_))
            file_.reset();  // else the rest of the line is written as soon as there is room
        return std::unexpected(written.error);
    }
    link_ = next_;
    is_begun_ = true;
    return {};
}

}  // namespace beta::telemetry
