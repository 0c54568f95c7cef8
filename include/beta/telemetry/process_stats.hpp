// ProcessStats: what the kernel says of this process, under the names that Prometheus clients use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace beta::telemetry {

struct ProcessStats {
    double cpu_seconds = 0;
    double start_time_seconds = 0;  // since the epoch
    std::uint64_t resident_bytes = 0;
    std::uint64_t virtual_bytes = 0;
    std::uint64_t open_fds = 0;
    std::uint64_t max_fds = 0;
};

/// Reads `proc`/self and `proc`/stat; nothing when it is not there or not readable.
std::optional<ProcessStats> read_process(const std::filesystem::path& proc = "/proc");

}  // namespace beta::telemetry
