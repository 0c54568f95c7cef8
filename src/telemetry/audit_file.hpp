// AuditFile: what the audit log is written to: a file that nobody else writes, or a pipe or device.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::telemetry {

/// Errors are words for a log line. One thread only.
class AuditFile {
  public:
    /// Makes it when it is not there, for the owner alone. Never waits for a reader.
    static std::expected<AuditFile, std::string> open(const std::string& path);
    AuditFile(AuditFile&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), is_regular_(other.is_regular_) {}
    AuditFile& operator=(AuditFile&&) = delete;
    ~AuditFile();

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
    AuditFile(int fd, bool is_regular) : fd_(fd), is_regular_(is_regular) {}

    int fd_;
    bool is_regular_;
};

}  // namespace beta::telemetry
