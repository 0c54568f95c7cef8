#include "beta/audit/verifier.hpp"

#include "beta/model/digest.hpp"

#include <algorithm>
#include <iterator>

namespace beta::audit {
namespace {

std::string number(std::uint64_t value) {
    return std::to_string(value);
}

std::string span(std::uint64_t from, std::uint64_t to) {
    return from == to ? "record " + number(from) + " is missing"
                      : "records " + number(from) + " to " + number(to) + " are missing";
}

}  // namespace

void Verifier::begin_file(std::string name) {
    file_ = std::move(name);
    number_ = 0;
}

void Verifier::feed(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto feed = bytes.find('\n');
        const auto piece = bytes.substr(0, feed);
        is_too_long_ = is_too_long_ || line_.size() + piece.size() >= max_line;
        if (!is_too_long_)
            line_ += piece;
        if (feed == bytes.npos)
            return;
        bytes.remove_prefix(feed + 1);
        take(line_, true);
    }
}

void Verifier::end_file() {
    if (!line_.empty() || is_too_long_)
        take(line_, false);
}

void Verifier::finish() {
    settle_doubts();
    if (!kept_.empty() && !has_kept_)
        fault(
            "no record has the hash that was kept: what led to it was written anew or cut off, "
            "or the file with it was not given",
            "LAST_MISSING");
    if (!is_begun_ && faults_ == 0)
        fault("there is no record: the file is empty, or was emptied", "EMPTY");
}

void Verifier::take(std::string_view line, bool is_ended) {
    ++number_;
    const auto record = is_too_long_ ? std::nullopt : read(line);
    if (!is_ended)
        doubt(line, std::nullopt,
              "the line has no end: its writer stopped in the middle of it, or it was cut; the "
              "sidecar's next start records it",
              "TORN");
    else if (!record)
        doubt(line, std::nullopt,
              "this is no record of an audit log: it was changed, added, or cut off by a crash",
              "NO_RECORD");
    else if (!is_whole(line, seal_))
        doubt(line, record->link,
              "the record was changed: its bytes have another hash than it ends with" +
                  std::string(seal_.has_key() ? "" : "; or it is sealed by a key (--key)"),
              "CHANGED");
    else
        accept(*record);
    line_.clear();
    is_too_long_ = false;
}

/// Not yet a fault: the next record may tell of it.
void Verifier::doubt(std::string_view line, std::optional<Link> says, std::string message,
                     std::string code) {
    if (doubts_.size() < max_findings)
        doubts_.push_back({.file = file_,
                           .line = number_,
                           .column = 1,
                           .message = std::move(message),
                           .code = "AUDIT_" + std::move(code)});
    ++doubted_;
    says_ = std::move(says);
    doubted_digest_ = model::sha256_hex(line);
}

void Verifier::accept(const Record& record) {
    if (explains_doubt(record)) {
        doubts_.clear();
        doubted_ = 0;
        note("the line before was cut off by a crash, and this record of the next start says so",
             "TORN_TOLD");
    }
    if (!is_begun_ && record.event == "rotated")
        note("the log goes on here from the file before, which ends with the hash " +
                 std::string(record.previous),
             "CONTINUES");
    if (is_expected(record))
        move_to(record);
    else
        object(record);
    settle_doubts();
    has_kept_ = has_kept_ || record.link.hash == kept_ || record.previous == kept_;
    summary_.after_kept += has_kept_ && record.link.hash != kept_ ? 1 : 0;
    ++summary_.records;
}

/// A record "torn" has the size and hash of the one line before it, so that nothing else passes
/// for it.
bool Verifier::explains_doubt(const Record& record) const {
    return doubted_ == 1 && record.event == "torn" && record.follows(last_) &&
           record.rest.ends_with(",\"digest\":\"" + doubted_digest_ + "\"");
}

bool Verifier::is_expected(const Record& record) const {
    if (record.follows(last_) || (says_ && record.follows(*says_)))
        return true;
    if (doubted_ > 0 && record.link.seq == last_.seq + doubted_ + 1)
        return true;  // it follows lines that can no longer be read
    return !is_begun_ && doubted_ == 0 && record.event == "rotated";
}

/// The record is whole, but not in its place.
void Verifier::object(const Record& record) {
    const auto seq = record.link.seq;
    const auto here = "record " + number(seq);
    if (!is_begun_) {
        fault("the log begins with " + here +
                  ": what stood before it was cut off, or the file with it comes first",
              "NO_BEGINNING");
    } else if (record.follows({})) {
        fault("a new chain begins: nothing binds it to what stands before, whose end may be gone",
              "NEW_CHAIN");
    } else if (record.link == last_) {
        return fault(here + " stands here twice", "TWICE");
    } else if (seq <= last_.seq) {
        return fault(here + " stands behind record " + number(last_.seq) +
                         ": lines or files are in another order than they were written",
                     "ORDER");
    } else if (seq == last_.seq + 1) {
        fault(here + " does not follow from the one before, which was written anew", "NO_LINK");
    } else {
        fault(span(last_.seq + 1, seq - 1) + " before this one", "GAP");
    }
    move_to(record);
}

void Verifier::move_to(const Record& record) {
    if (!is_begun_)
        summary_.first = record.link.seq;
    is_begun_ = true;
    last_ = summary_.last = record.link;
}

void Verifier::settle_doubts() {
    for (auto& doubt : doubts_)
        add(std::move(doubt));
    faults_ += doubted_ - doubts_.size();
    doubts_.clear();
    doubted_ = 0;
    says_.reset();
}

void Verifier::fault(std::string message, std::string code) {
    add({.file = file_,
         .line = number_,
         .column = 1,
         .message = std::move(message),
         .code = "AUDIT_" + std::move(code)});
}

void Verifier::note(std::string message, std::string code) {
    add({.file = file_,
         .line = number_,
         .column = 1,
         .message = std::move(message),
         .code = "AUDIT_" + std::move(code),
         .severity = model::Diagnostic::Severity::warning});
}

void Verifier::add(model::Diagnostic finding) {
    if (finding.severity == model::Diagnostic::Severity::error)
        ++faults_;
    if (findings_.size() < max_findings)
        findings_.push_back(std::move(finding));
}

}  // namespace beta::audit
