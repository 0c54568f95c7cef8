// AuditLog: what one worker has for the audit log: every denial, and where it is asked for every
// decision. One worker only.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/telemetry/audit_writer.hpp"
#include "beta/telemetry/json_text.hpp"
#include "beta/telemetry/log_writer.hpp"
#include "beta/telemetry/record.hpp"

#include <string_view>

namespace beta::telemetry {

class AuditLog {
  public:
    /// `allowed`: decisions that allow, too.
    AuditLog(AuditWriter& writer, bool allowed) : writer_(writer), allowed_(allowed) {}
    ~AuditLog() { hand_over(); }
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

    bool refuses() const noexcept { return writer_.refuses(); }
    void request(const Record& record) {
        if (allowed_ || is_denial(record))
            write(record);
    }
    /// A peer that has not proved to be of `plane`. Other faults of a handshake deny nobody, and
    /// are left out.
    void handshake(acl::Direction direction, std::string_view plane, std::string_view fault);
    /// At the end of each batch.
    void hand_over();

  private:
    static bool is_denial(const Record& record) noexcept;
    void write(const Record& record);
    void make_room();

    AuditWriter& writer_;
    bool allowed_;
    LogBlock block_;
    Timestamp timestamp_;
};

}  // namespace beta::telemetry
