#include "beta/telemetry/container_stats.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace beta::telemetry;
using beta::testing::Files;

namespace {

ContainerStats read(const Files& files) {
    return read_container(files.root() / "cgroup", files.root() / "proc");
}

}  // namespace

TEST_CASE("version 2: our own cgroup below the mount") {
    const Files files;
    files.write("proc/self/cgroup", "0::/pod7/sidecar\n");
    files.write("cgroup/cgroup.controllers", "cpu memory\n");
    files.write("cgroup/pod7/sidecar/memory.current", "1048576\n");
    files.write("cgroup/pod7/sidecar/memory.max", "67108864\n");
    files.write("cgroup/pod7/sidecar/cpu.stat",
                "usage_usec 2500000\nuser_usec 1\nnr_throttled 3\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 1048576u);
    CHECK(stats.memory_limit_bytes == 67108864u);
    CHECK(stats.cpu_usage_seconds == 2.5);
}

TEST_CASE("version 2: the mount is our own cgroup, whatever path the host has for it") {
    const Files files;
    files.write("proc/self/cgroup", "0::/system.slice/docker-0123.scope\n");
    files.write("cgroup/cgroup.controllers", "cpu memory\n");
    files.write("cgroup/memory.current", "77\n");
    files.write("cgroup/memory.max", "max\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 77u);
    CHECK_FALSE(stats.memory_limit_bytes);  // "max" is no limit
    CHECK_FALSE(stats.cpu_usage_seconds);
}

TEST_CASE("version 1: each controller has a path and a mount of its own") {
    const Files files;
    files.write("proc/self/cgroup",
                "5:cpu,cpuacct:/c\n4:memory:/m/n\n1:name=systemd:/\n0::/elsewhere\n");
    files.write("cgroup/memory/m/n/memory.usage_in_bytes", "500\n");
    files.write("cgroup/memory/m/n/memory.limit_in_bytes", "900\n");
    files.write("cgroup/memory/memory.usage_in_bytes", "123456\n");
    files.write("cgroup/cpuacct/cpuacct.usage", "1500000000\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 500u);
    CHECK(stats.memory_limit_bytes == 900u);
    CHECK(stats.cpu_usage_seconds == 1.5);
}

TEST_CASE("version 1: a limit of nearly 2^63 is no limit") {
    const Files files;
    files.write("proc/self/cgroup", "4:memory:/\n");
    files.write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    CHECK_FALSE(read(files).memory_limit_bytes);
}

TEST_CASE("uptime is that of process 1") {
    const Files files;
    const auto ticks = ::sysconf(_SC_CLK_TCK);
    files.write("proc/uptime", "1000.25 1900.00\n");
    files.write("proc/1/stat", "1 (init) S 0 1 1 0 -1 0 0 0 0 0 5 5 0 0 20 0 1 0 " +
                                   std::to_string(400 * ticks) + " 1 1\n");
    CHECK(read(files).uptime_seconds == 600.0);
}

TEST_CASE("without cgroup and proc nothing is claimed") {
    const Files files;
    const auto stats = read(files);
    CHECK_FALSE(stats.memory_usage_bytes);
    CHECK_FALSE(stats.memory_limit_bytes);
    CHECK_FALSE(stats.cpu_usage_seconds);
    CHECK_FALSE(stats.uptime_seconds);
}
