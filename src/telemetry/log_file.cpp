#include "log_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace beta::telemetry {
namespace {

/// A reader of a pipe that takes nothing for so long counts as gone.
constexpr int reader_patience_ms = 1000;

std::string words_of(int error) {
    return std::generic_category().message(error);
}

}  // namespace

LogFile::~LogFile() {
    if (fd_ >= 0)
        ::close(fd_);
}

std::expected<LogFile, std::string> LogFile::open(const std::string& path, Writers writers) {
    const bool is_ours = writers == Writers::one;
    constexpr int flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
    const int fd = ::open(path.c_str(), flags, is_ours ? 0600 : 0640);
    if (fd < 0)
        return std::unexpected(errno == ENXIO ? "nobody reads it" : words_of(errno));
    LogFile file(fd, false);
    struct stat about{};
    if (::fstat(fd, &about) != 0)
        return std::unexpected(words_of(errno));
    file.is_regular_ = S_ISREG(about.st_mode);
    if (is_ours && file.is_regular_ && ::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return std::unexpected("another process writes it");
    return file;
}

/// By another descriptor: its own cannot read, so that a pipe is known by who reads it.
std::expected<LogFile::End, std::string> LogFile::end(std::size_t bytes) const {
    if (!is_regular_)
        return End{};
    struct stat about{};
    const std::string same = "/proc/self/fd/" + std::to_string(fd_);
    const int fd = ::open(same.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || ::fstat(fd, &about) != 0) {
        const auto error = errno;
        if (fd >= 0)
            ::close(fd);
        return std::unexpected("its end cannot be read: " + words_of(error));
    }
    const auto size = static_cast<std::size_t>(about.st_size);
    End end{.bytes = std::string(std::min(size, bytes), '\0'), .from_start = size <= bytes};
    std::size_t filled = 0;
    while (filled < end.bytes.size()) {
        const auto at = static_cast<off_t>(size - end.bytes.size() + filled);
        const auto got = ::pread(fd, end.bytes.data() + filled, end.bytes.size() - filled, at);
        if (got <= 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    ::close(fd);
    if (filled < end.bytes.size())
        return std::unexpected("its end cannot be read");
    return end;
}

LogFile::Written LogFile::append(std::string_view bytes) const {
    Written written;
    while (written.bytes < bytes.size()) {
        const auto rest = bytes.substr(written.bytes);
        const auto got = ::write(fd_, rest.data(), rest.size());
        pollfd room{fd_, POLLOUT, 0};
        if (got >= 0)
            written.bytes += static_cast<std::size_t>(got);
        else if (errno == EAGAIN && ::poll(&room, 1, reader_patience_ms) == 0)
            written.error = "its reader does not read";
        else if (errno != EINTR && errno != EAGAIN)
            written.error = words_of(errno);
        if (!written.error.empty())
            break;
    }
    return written;
}

std::expected<void, std::string> LogFile::sync() const {
    if (is_regular_ && ::fdatasync(fd_) != 0)
        return std::unexpected(words_of(errno));
    return {};
}

bool LogFile::is_gone() const noexcept {
    struct stat about{};
    return is_regular_ && (::fstat(fd_, &about) != 0 || about.st_nlink == 0);
}

bool LogFile::is_at(const std::string& path) const noexcept {
    struct stat ours{};
    struct stat there{};
    return ::fstat(fd_, &ours) == 0 && ::stat(path.c_str(), &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

}  // namespace beta::telemetry
