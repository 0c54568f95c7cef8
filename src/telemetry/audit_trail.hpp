// AuditTrail: one chain of records over one file after another: goes on from what stands there,
// and says what it found.
#pragma once

#include "beta/audit/record.hpp"
#include "beta/audit/tail.hpp"
#include "beta/telemetry/event_log.hpp"

#include "log_file.hpp"

#include <deque>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace beta::telemetry {

/// Errors are words for a log line. One thread only.
class AuditTrail {
  public:
    AuditTrail(std::string path, audit::Seal seal, EventLog& events)
        : path_(std::move(path)), seal_(std::move(seal)), events_(events) {}

    /// The file is there, and what must be told of it is in it.
    std::expected<void, std::string> prepare();
    /// Whole in the file, or not: then the same object must be given again, until it is.
    std::expected<void, std::string> write(std::string_view object);
    /// The path leads to another file now.
    void reopen() noexcept { file_.reset(); }
    std::expected<void, std::string> sync();

  private:
    std::expected<void, std::string> open();
    void look_at(const LogFile::End& end);
    std::expected<void, std::string> put(std::string_view object);

    std::string path_;
    audit::Seal seal_;
    EventLog& events_;
    std::unique_ptr<LogFile> file_;
    audit::Link link_;
    bool is_begun_ = false;          // link_ is one of this process
    std::deque<std::string> first_;  // objects that come before any other
    std::string lead_;               // ends a torn line
    std::string rest_;               // of a line that is written by half
    audit::Link next_;               // of that line
};

}  // namespace beta::telemetry
