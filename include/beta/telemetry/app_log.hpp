// AppLog: the app's own lines on their way into the log. One for all workers of a process.
#pragma once

#include "beta/local/app_lines.hpp"
#include "beta/local/rate.hpp"
#include "beta/telemetry/labels.hpp"
#include "beta/telemetry/log_writer.hpp"

#include <chrono>
#include <cstddef>

namespace beta::telemetry {

class AppLog {
  public:
    AppLog(LogWriter& writer, std::size_t lines_a_second)
        : writer_(writer), rate_(lines_a_second) {}

    struct Told {
        AppLogResult result = AppLogResult::taken;
        std::chrono::seconds retry_after{};  // where it may pass later
    };
    /// All of them or none. None is longer than LogBlock::capacity. Any thread.
    Told take(const local::AppLines& lines, local::Rate::Nanoseconds now);

  private:
    LogWriter& writer_;
    local::Rate rate_;
};

}  // namespace beta::telemetry
