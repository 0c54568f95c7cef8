// Audit: what the audit log is told of a sidecar: its start and end, and each change of what it
// decides by.
#pragma once

#include "beta/app/loaded.hpp"
#include "beta/app/watch.hpp"
#include "beta/audit/record.hpp"
#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/telemetry/audit_writer.hpp"
#include "beta/telemetry/event_log.hpp"

#include <atomic>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace beta::app {

/// With the key of the file, if one is named: nobody but its owner may read it.
std::expected<audit::Seal, model::Diagnostics> audit_seal(const std::string& key_file);

/// Does nothing where no audit log is configured. Any thread, but for start().
class Audit {
  public:
    /// Both outlive it.
    Audit(const config::Config& config, telemetry::EventLog& events)
        : config_(config), events_(events) {}
    /// Its last record says how it ended.
    ~Audit();
    Audit(const Audit&) = delete;
    Audit& operator=(const Audit&) = delete;

    /// Reads the key. Before all else.
    model::Diagnostics open();
    /// Before anything is served.
    void start(const Loaded& loaded);

    void changed(const Loaded& before, const Loaded& now, std::string_view cause);
    void refused(std::string_view why, std::string_view cause);
    void draining();
    void ended(bool is_clean) noexcept { is_clean_ = is_clean; }
    bool reopen();  // false: there is no audit log

    telemetry::AuditWriter* writer() const noexcept { return writer_.get(); }
    /// Only where writer() is not null.
    Watch::Also shown() const;

  private:
    const config::Config& config_;
    telemetry::EventLog& events_;
    std::unique_ptr<telemetry::AuditWriter> writer_;
    std::atomic<bool> is_clean_{false};
    bool is_started_ = false;
};

}  // namespace beta::app
