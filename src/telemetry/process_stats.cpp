#include "beta/telemetry/process_stats.hpp"

#include "proc_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace beta::telemetry {
namespace {

namespace fs = std::filesystem;

// proc(5): /proc/<pid>/stat, field numbers less the three that stat_words() begins at.
constexpr std::size_t utime = 14 - 3, stime = 15 - 3, starttime = 22 - 3, vsize = 23 - 3,
                      rss = 24 - 3;

/// Linux 6.2 and later give the number of open descriptors as the directory's size; before, they
/// are counted.
std::uint64_t count_fds(const fs::path& directory) {
    struct stat facts{};
    if (::stat(directory.c_str(), &facts) == 0 && facts.st_size > 0 &&
        directory.string().starts_with("/proc/"))
        return static_cast<std::uint64_t>(facts.st_size);
    std::error_code error;
    const fs::directory_iterator entries(directory, error);
    return static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
}

std::optional<std::uint64_t> boot_time(const fs::path& proc) {
    const auto text = read_text(proc / "stat");
    const auto at = text.find("\nbtime ");
    return at == text.npos ? std::nullopt : to_number(std::string_view(text).substr(at + 7));
}

}  // namespace

std::optional<ProcessStats> read_process(const fs::path& proc) {
    const auto text = read_text(proc / "self" / "stat");
    const auto words = stat_words(text);
    if (words.size() <= rss)
        return std::nullopt;
    const auto number = [&](std::size_t i) { return to_number(words[i]).value_or(0); };
    const auto ticks = static_cast<double>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
    const auto page = static_cast<std::uint64_t>(std::max(1L, ::sysconf(_SC_PAGESIZE)));
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    return ProcessStats{.cpu_seconds = static_cast<double>(number(utime) + number(stime)) / ticks,
                        .start_time_seconds = static_cast<double>(boot_time(proc).value_or(0)) +
                                              static_cast<double>(number(starttime)) / ticks,
                        .resident_bytes = number(rss) * page,
                        .virtual_bytes = number(vsize),
                        .open_fds = count_fds(proc / "self" / "fd"),
                        .max_fds = files.rlim_cur};
}

}  // namespace beta::telemetry
