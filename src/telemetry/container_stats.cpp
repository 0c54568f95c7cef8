#include "beta/telemetry/container_stats.hpp"

#include "proc_file.hpp"

#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

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

/// In a container the hierarchy is usually mounted at our own cgroup while the path is still the
/// host's.
fs::path file_in(const fs::path& mount, const std::string& path, const char* file) {
    const auto own = mount / fs::path(path).relative_path() / file;
    std::error_code error;
    return fs::exists(own, error) ? own : mount / file;
}

std::optional<std::uint64_t> field(const std::string& text, std::string_view name) {
    for (const auto line : split(text, '\n')) {
        const auto words = split(line, ' ');
        if (words.size() == 2 && words[0] == name)
            return to_number(words[1]);
    }
    return std::nullopt;
}

void read_v2(const fs::path& cgroup, const std::string& self, ContainerStats& stats) {
    const auto path = path_of(self, "");
    stats.memory_usage_bytes = read_number(file_in(cgroup, path, "memory.current"));
    stats.memory_limit_bytes = read_number(file_in(cgroup, path, "memory.max"));  // or "max"
    if (const auto us = field(read_text(file_in(cgroup, path, "cpu.stat")), "usage_usec"))
        stats.cpu_usage_seconds = static_cast<double>(*us) / 1e6;
}

void read_v1(const fs::path& cgroup, const std::string& self, ContainerStats& stats) {
    const auto memory = path_of(self, "memory");
    stats.memory_usage_bytes =
        read_number(file_in(cgroup / "memory", memory, "memory.usage_in_bytes"));
    const auto limit = read_number(file_in(cgroup / "memory", memory, "memory.limit_in_bytes"));
    if (limit && *limit < no_limit_v1)
        stats.memory_limit_bytes = limit;
    const auto cpu = path_of(self, "cpuacct");
    if (const auto ns = read_number(file_in(cgroup / "cpuacct", cpu, "cpuacct.usage")))
        stats.cpu_usage_seconds = static_cast<double>(*ns) / 1e9;
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
