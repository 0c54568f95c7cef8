// LogFile: what a log is written to: a file, or a pipe or device.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::telemetry {

/// Errors are words for a log line. One thread only.
class LogFile {
  public:
    /// One: nobody else writes it, and nobody but its owner may read it. Many: lines of several
    /// processes may stand beside each other, as when one takes over from another.
    enum class Writers : std::uint8_t { one, many };
    /// Makes it when it is not there. Never waits for a reader.
    static std::expected<LogFile, std::string> open(const std::string& path, Writers writers);
    LogFile(LogFile&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), is_regular_(other.is_regular_) {}
    LogFile& operator=(LogFile&&) = delete;
    ~LogFile();

    struct End {
        std::string bytes;  // the last ones of the file, at most as many as were asked for
        bool from_start = true;
    };
    /// Empty for a pipe or a device: there is nothing to go on from.
    std::expected<End, std::string> end(std::size_t bytes) const;

    struct Written {
        std::size_t bytes = 0;
        std::string error;  // why it is less than all
    };
    Written append(std::string_view bytes) const;
    std::expected<void, std::string> sync() const;
    /// The rest of a line can be written later: a pipe's next reader would not have its beginning.
    bool keeps_halves() const noexcept { return is_regular_; }
    /// It was removed: what is written to it is lost.
    bool is_gone() const noexcept;
    /// `path` still leads to it.
    bool is_at(const std::string& path) const noexcept;

  private:
    LogFile(int fd, bool is_regular) : fd_(fd), is_regular_(is_regular) {}

    int fd_;
    bool is_regular_;
};

}  // namespace beta::telemetry
