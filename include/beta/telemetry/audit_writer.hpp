// AuditWriter: one thread that chains and writes the audit log; a bounded queue before it, and what
// is lost is in the chain as a number.
#pragma once

#include "beta/audit/record.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/log_writer.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace beta::telemetry {

class AuditWriter {
  public:
    struct Settings {
        std::string path;
        bool required = false;
        std::size_t queue_lines = 8192;
    };
    /// `events` outlives it.
    AuditWriter(Settings settings, audit::Seal seal, EventLog& events);
    /// Writes what waits, for at most two seconds: a full disk must not keep the process.
    ~AuditWriter();
    AuditWriter(const AuditWriter&) = delete;
    AuditWriter& operator=(const AuditWriter&) = delete;

    /// After the first record(). Returns once that is written, or could not be.
    void start();

    // Any thread, and never a wait for the disk:

    /// Whole objects, each on a line and with "time" and "event" first. Leaves the block empty.
    /// When too many wait, they are lost and counted until all that waits is written.
    void hand_over(LogBlock& block);
    /// What is rare: each is handed over by itself.
    void record(std::string_view event, EventLog::Fields fields);
    /// The file was renamed: go on in a new one.
    void reopen();

    /// The audit log is required, and cannot be written now. Any thread; one load.
    bool refuses() const noexcept;

    struct State {
        bool is_written = true;
        std::string words;          // for readiness
        std::uint64_t records = 0;  // written
        std::uint64_t dropped = 0;
    };
    State state() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace beta::telemetry
