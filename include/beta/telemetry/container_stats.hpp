// ContainerStats: memory, CPU and age of the container, from the cgroup (v1 or v2) this process is
// in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace beta::telemetry {

/// Each is absent where the kernel does not say: no such controller, no limit set.
struct ContainerStats {
    std::optional<std::uint64_t> memory_usage_bytes;
    std::optional<std::uint64_t> memory_limit_bytes;  // the least of ours and of those above us
    std::optional<double> cpu_usage_seconds;
    // Of the CPU quota: periods that were looked at, those in which it was used up, and how long
    // threads stood still for it.
    std::optional<std::uint64_t> cpu_periods;
    std::optional<std::uint64_t> cpu_throttled_periods;
    std::optional<double> cpu_throttled_seconds;
    std::optional<double> uptime_seconds;  // of process 1 of this PID namespace
};

ContainerStats read_container(const std::filesystem::path& cgroup = "/sys/fs/cgroup",
                              const std::filesystem::path& proc = "/proc");

}  // namespace beta::telemetry
