// LogWriter: one thread that writes finished log lines to stdout or a file; a bounded queue before
// it, drops counted.
#pragma once

#include <spdlog/fwd.h>

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace beta::telemetry {

class EventLog;
class FileSink;

/// Whole lines, each with its line feed, in memory that goes back and forth between a worker and
/// the writer.
struct LogBlock {
    static constexpr std::size_t capacity = 64 * 1024;

    LogBlock() : bytes(std::make_unique_for_overwrite<char[]>(capacity)) {}
    char* end() noexcept { return bytes.get() + size; }

    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::size_t lines = 0;
};

struct LogLimits {
    std::size_t lines = 8192;  // waiting for the writer; beyond it the oldest block is dropped
    std::size_t blocks = 512;  // the same in memory: 32 MiB
    std::size_t spare = 16;    // empty blocks kept for the next worker that asks
};

/// Lines come as JSON; text is for a person at a terminal.
enum class LogLook : std::uint8_t { json, text, text_in_colour };

class LogWriter {
  public:
    /// When its thread begins: at once, or at start(); until then lines wait.
    enum class Begin : std::uint8_t { now, later };

    explicit LogWriter(LogLimits limits = {}, LogLook look = LogLook::json,
                       Begin begin = Begin::now);  // to stdout
    LogWriter(std::shared_ptr<spdlog::sinks::sink> sink, LogLimits limits,
              LogLook look = LogLook::json, Begin begin = Begin::now);
    /// To a file, which must be writable now; what befalls it later is told to `events`, which are
    /// on another writer and outlive this one. The error is words for a person.
    static std::expected<std::unique_ptr<LogWriter>, std::string> to_file(const std::string& path,
                                                                          EventLog& events,
                                                                          LogLimits limits,
                                                                          LogLook look,
                                                                          Begin begin = Begin::now);
    /// Writes what waits, for at most two seconds: a reader that does not read must not keep the
    /// process.
    ~LogWriter();
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;
    void start();  // once more changes nothing

    /// Any thread. Takes the lines of `block` and leaves it empty; never waits for the reader of
    /// the log.
    void hand_over(LogBlock& block);
    /// For lines that may be sent again: takes all blocks or none, and none that would fill more
    /// than half of the queue. The other half is for what is told once. Any thread.
    enum class Room : std::uint8_t { taken, later, never };
    Room offer(std::vector<LogBlock> blocks);
    /// The file was renamed: go on in a new one. Any thread.
    void reopen();
    /// Lines lost because the reader was too slow or gone. Any thread.
    std::uint64_t dropped() const noexcept;

  private:
    struct Queue;
    LogWriter(std::shared_ptr<FileSink> file, LogLimits limits, LogLook look, Begin begin);

    std::shared_ptr<FileSink> file_;  // null for any other sink
    std::shared_ptr<Queue> queue_;    // shared with the thread, which may outlive a hurried end
    bool is_started_ = false;
};

}  // namespace beta::telemetry
