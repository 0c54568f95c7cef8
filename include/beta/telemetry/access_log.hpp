// AccessLog: one JSON line for each finished request, or for a sample of them, gathered in the
// worker's own memory. One worker only.
#pragma once

#include "beta/telemetry/json_text.hpp"
#include "beta/telemetry/log_writer.hpp"
#include "beta/telemetry/record.hpp"
#include "beta/telemetry/sampling.hpp"

#include <chrono>

namespace beta::telemetry {

class AccessLog {
  public:
    explicit AccessLog(LogWriter& writer, const config::Log& settings = {})
        : writer_(writer), sampling_(settings) {}
    ~AccessLog() { hand_over(); }
    AccessLog(const AccessLog&) = delete;
    AccessLog& operator=(const AccessLog&) = delete;

    /// Allocates nothing in the steady state. Whatever bytes the record holds, the line is one
    /// valid JSON object.
    void write(const Record& record, std::chrono::system_clock::time_point now);
    /// At the end of each batch and tick: hands over once there is enough, or once it has waited
    /// long enough.
    void flush();
    /// Now.
    void hand_over();

    /// The longest that a line waits for flush() to hand it over.
    static constexpr std::chrono::milliseconds patience{50};

  private:
    using Clock = std::chrono::steady_clock;

    LogWriter& writer_;
    Sampling sampling_;
    LogBlock block_;
    Timestamp timestamp_;
    std::chrono::nanoseconds first_line_{0};  // coarse monotonic time
};

}  // namespace beta::telemetry
