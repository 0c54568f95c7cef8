// EventLog: the sidecar's own log lines (start, reload, drain, faults), as JSON beside the access
// log.
#pragma once

#include "beta/config/config.hpp"
#include "beta/telemetry/log_writer.hpp"

#include <initializer_list>
#include <string_view>

namespace beta::telemetry {

/// Levels say what the reader must do: error, act now; warn, look today; info, nothing; debug, when
/// hunting.
class EventLog {
  public:
    struct Field {
        std::string_view key;  // ours: needs no escaping
        std::string_view value;
    };
    using Fields = std::initializer_list<Field>;

    EventLog(LogWriter& writer, config::LogLevel least) : writer_(writer), least_(least) {}

    /// Any thread, rarely: each line is handed over by itself.
    void debug(std::string_view message, Fields fields = {}) {
        write(Level::debug, message, fields);
    }
    void info(std::string_view message, Fields fields = {}) { write(Level::info, message, fields); }
    void warn(std::string_view message, Fields fields = {}) { write(Level::warn, message, fields); }
    void error(std::string_view message, Fields fields = {}) {
        write(Level::error, message, fields);
    }

  private:
    using Level = config::LogLevel;
    void write(Level level, std::string_view message, Fields fields);

    LogWriter& writer_;
    Level least_;
};

}  // namespace beta::telemetry
