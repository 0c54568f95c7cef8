#include "beta/telemetry/container_stats.hpp"

#include "proc_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace beta::telemetry {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t no_limit_v1 = 1ull << 62;  // v1 says "no limit" with about 2^63

/// The path of our cgroup in the hierarchy of `controller`; of the v2 hierarchy when that is empty
/// (cgroups(7): lines "id:controllers:path").
std::string path_of(const std::string& self, std::string_view controller) {
    for (const auto line : split(self, '\n')) {
        const auto first = line.find(':');
        const auto second = first == line.npos ? line.npos : line.find(':', first + 1);
        if (second == line.npos)
            continue;
        const auto names = line.substr(first + 1, second - first - 1);
        const auto all = split(names, ',');
        const bool ours =
            controller.empty() ? names.empty() : std::ranges::find(all, controller) != all.end();
        if (ours)
            return std::string(line.substr(second + 1));
    }
    return {};
}

using Lineage = std::vector<fs::path>;

/// Our cgroup and those above it, up to the mount. In a container the hierarchy is usually mounted
/// at our own cgroup while the path is still the host's: then the mount alone, for what is named
/// like the upper part of that path may be a child of ours.
Lineage lineage(const fs::path& mount, const std::string& path) {
    Lineage all;
    auto below = fs::path(path).relative_path();
    std::error_code error;
    const bool is_outside = std::ranges::find(below, fs::path("..")) != below.end();
    if (!is_outside && fs::is_directory(mount / below, error)) {
        for (; !below.empty(); below = below.parent_path())
            all.push_back(mount / below);
    }
    all.push_back(mount);
    return all;
}

/// What the nearest cgroup says in which the controller is on.
template <class Read>  // (folder) -> optional
auto nearest(const Lineage& folders, Read read) -> decltype(read(folders.front())) {
    for (const auto& folder : folders) {
        if (const auto found = read(folder))
            return found;
    }
    return std::nullopt;
}

std::optional<std::uint64_t> nearest_number(const Lineage& folders, const char* file) {
    return nearest(folders, [&](const fs::path& folder) { return read_number(folder / file); });
}

/// A limit above us holds for us too. Version 2 says "max" where there is none.
std::optional<std::uint64_t> least_limit(const Lineage& folders, const char* file) {
    std::optional<std::uint64_t> least;
    for (const auto& folder : folders) {
        const auto limit = read_number(folder / file);
        if (limit && *limit < no_limit_v1)
            least = std::min(*limit, least.value_or(*limit));
    }
    return least;
}

/// A line "name value" of cpu.stat.
std::optional<std::uint64_t> cpu_stat(const Lineage& folders, std::string_view name) {
    return nearest(folders, [&](const fs::path& folder) -> std::optional<std::uint64_t> {
        const auto text = read_text(folder / "cpu.stat");
        for (const auto line : split(text, '\n')) {
            const auto words = split(line, ' ');
            if (words.size() == 2 && words[0] == name)
                return to_number(words[1]);
        }
        return std::nullopt;
    });
}

std::optional<double> seconds(std::optional<std::uint64_t> count, double per_second) {
    if (!count)
        return std::nullopt;
    return static_cast<double>(*count) / per_second;
}

void read_throttling(const Lineage& folders, ContainerStats& stats) {
    stats.cpu_periods = cpu_stat(folders, "nr_periods");
    stats.cpu_throttled_periods = cpu_stat(folders, "nr_throttled");
}

void read_v2(const fs::path& cgroup, const std::string& self, ContainerStats& stats) {
    const auto folders = lineage(cgroup, path_of(self, ""));
    stats.memory_usage_bytes = nearest_number(folders, "memory.current");
    stats.memory_limit_bytes = least_limit(folders, "memory.max");
    stats.cpu_usage_seconds = seconds(cpu_stat(folders, "usage_usec"), 1e6);
    read_throttling(folders, stats);
    stats.cpu_throttled_seconds = seconds(cpu_stat(folders, "throttled_usec"), 1e6);
}

/// "cpu" is mostly a link to "cpu,cpuacct", and not always there.
Lineage lineage_v1(const fs::path& cgroup, const std::string& self, const char* controller) {
    std::error_code error;
    const bool has_own = fs::is_directory(cgroup / controller, error);
    return lineage(cgroup / (has_own ? controller : "cpu,cpuacct"), path_of(self, controller));
}

void read_v1(const fs::path& cgroup, const std::string& self, ContainerStats& stats) {
    const auto memory = lineage_v1(cgroup, self, "memory");
    stats.memory_usage_bytes = nearest_number(memory, "memory.usage_in_bytes");
    stats.memory_limit_bytes = least_limit(memory, "memory.limit_in_bytes");
    stats.cpu_usage_seconds =
        seconds(nearest_number(lineage_v1(cgroup, self, "cpuacct"), "cpuacct.usage"), 1e9);
    const auto cpu = lineage_v1(cgroup, self, "cpu");
    read_throttling(cpu, stats);
    stats.cpu_throttled_seconds = seconds(cpu_stat(cpu, "throttled_time"), 1e9);
}

std::optional<double> uptime(const fs::path& proc) {
    const auto first = read_text(proc / "1" / "stat");
    const auto words = stat_words(first);
    const auto machine = read_text(proc / "uptime");
    const auto machine_seconds = to_number(machine);
    constexpr std::size_t starttime = 22 - 3;
    if (words.size() <= starttime || !machine_seconds)
        return std::nullopt;
    const auto ticks = static_cast<double>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
    const auto started = static_cast<double>(to_number(words[starttime]).value_or(0)) / ticks;
    return std::max(0.0, static_cast<double>(*machine_seconds) - started);
}

}  // namespace

ContainerStats read_container(const fs::path& cgroup, const fs::path& proc) {
    ContainerStats stats;
    const auto self = read_text(proc / "self" / "cgroup");
    std::error_code error;
    if (fs::exists(cgroup / "cgroup.controllers", error))
        read_v2(cgroup, self, stats);
    else
        read_v1(cgroup, self, stats);
    stats.uptime_seconds = uptime(proc);
    return stats;
}

}  // namespace beta::telemetry
