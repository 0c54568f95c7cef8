// FileSink: whole blocks to the file of a log, which may be renamed, removed or full meanwhile;
// throws when they are lost.
#pragma once

#include "beta/telemetry/event_log.hpp"

#include "log_file.hpp"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace beta::telemetry {

/// One thread only (the log writer's), but for reopen() and forget_events().
class FileSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
  public:
    /// `events` are on another stream. What befalls the file is told there, once.
    FileSink(std::string path, LogFile file, EventLog& events);

    /// The next write, or flush, goes to what `path` leads to then.
    void reopen() noexcept { wants_reopen_ = true; }
    /// From here on nobody is told.
    void forget_events();

  private:
    using Result = std::expected<void, std::string>;

    void sink_it_(const spdlog::details::log_msg& message) override;
    void flush_() override;
    Result prepare();
    Result write(std::string_view bytes);
    void look_at_end();
    void tell(const Result& result);

    const std::string path_;
    std::unique_ptr<LogFile> file_;  // none: to be opened
    bool is_torn_ = false;           // its last line has no end
    std::string why_;                // it cannot be written; empty: it can
    std::atomic<bool> wants_reopen_{false};
    std::mutex mutex_;  // guards what follows
    EventLog* events_;
};

}  // namespace beta::telemetry
