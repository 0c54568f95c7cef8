#include "beta/telemetry/container_stats.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <string>

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
                "usage_usec 2500000\nuser_usec 1500000\nsystem_usec 1000000\nnr_periods 40\n"
                "nr_throttled 3\nthrottled_usec 250000\nnr_bursts 0\nburst_usec 0\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 1048576u);
    CHECK(stats.memory_limit_bytes == 67108864u);
    CHECK(stats.cpu_usage_seconds == 2.5);
    CHECK(stats.cpu_periods == 40u);
    CHECK(stats.cpu_throttled_periods == 3u);
    CHECK(stats.cpu_throttled_seconds == 0.25);
}

TEST_CASE("version 2: the mount is our own cgroup, whatever path the host has for it") {
    for (const auto* const path : {"0::/system.slice/docker-0123.scope\n", "0::/\n",
                                   "0::/../../kubepods-burstable.slice/cri-4.scope\n"}) {
        const Files files;
        files.write("proc/self/cgroup", path);
        files.write("cgroup/cgroup.controllers", "cpu memory\n");
        files.write("cgroup/memory.current", "77\n");
        files.write("cgroup/memory.max", "max\n");
        const auto stats = read(files);
        CHECK(stats.memory_usage_bytes == 77u);
        CHECK_FALSE(stats.memory_limit_bytes);  // "max" is no limit
        CHECK_FALSE(stats.cpu_usage_seconds);
        CHECK_FALSE(stats.cpu_periods);
    }
}

TEST_CASE("version 2: a child of ours that is named like a part of the host's path is not us") {
    const Files files;
    files.write("proc/self/cgroup", "0::/docker/0123\n");
    files.write("cgroup/cgroup.controllers", "cpu memory\n");
    files.write("cgroup/memory.current", "77\n");
    files.write("cgroup/memory.max", "1000\n");
    files.write("cgroup/docker/memory.current", "5\n");
    files.write("cgroup/docker/memory.max", "10\n");
    CHECK(read(files).memory_usage_bytes == 77u);
    CHECK(read(files).memory_limit_bytes == 1000u);
}

TEST_CASE("version 2: a service of systemd is held by the limits of its slices too") {
    const Files files;
    files.write("proc/self/cgroup", "0::/system.slice/system-beta.slice/beta@ops\\x2d1.service\n");
    files.write("cgroup/cgroup.controllers", "cpuset cpu io memory hugetlb pids rdma misc\n");
    files.write("cgroup/cpu.stat", "usage_usec 9900000000\n");  // the root: the machine
    files.write("cgroup/system.slice/memory.current", "9000\n");
    files.write("cgroup/system.slice/memory.max", "max\n");
    files.write("cgroup/system.slice/system-beta.slice/memory.max", "4096\n");
    files.write("cgroup/system.slice/system-beta.slice/cpu.stat",
                "usage_usec 7000000\nnr_periods 8\nnr_throttled 2\nthrottled_usec 1500000\n");
    const std::string own = "cgroup/system.slice/system-beta.slice/beta@ops\\x2d1.service/";
    files.write(own + "memory.current", "2048\n");
    files.write(own + "memory.max", "8192\n");
    files.write(own + "cpu.stat", "usage_usec 4000000\n");  // without a quota of its own
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 2048u);
    CHECK(stats.memory_limit_bytes == 4096u);
    CHECK(stats.cpu_usage_seconds == 4.0);
    CHECK(stats.cpu_throttled_periods == 2u);
    CHECK(stats.cpu_throttled_seconds == 1.5);
}

TEST_CASE("version 2: without the memory controller, what the cgroup above says counts") {
    const Files files;
    files.write("proc/self/cgroup", "0::/init\n");
    files.write("cgroup/cgroup.controllers", "cpu memory\n");
    files.write("cgroup/memory.current", "77\n");
    files.write("cgroup/init/cgroup.procs", "1\n");
    CHECK(read(files).memory_usage_bytes == 77u);
}

TEST_CASE("version 1: each controller has a path and a mount of its own") {
    const Files files;
    files.write("proc/self/cgroup",
                "5:cpu,cpuacct:/c\n4:memory:/m/n\n1:name=systemd:/\n0::/elsewhere\n");
    files.write("cgroup/memory/m/n/memory.usage_in_bytes", "500\n");
    files.write("cgroup/memory/m/n/memory.limit_in_bytes", "900\n");
    files.write("cgroup/memory/m/memory.limit_in_bytes", "800\n");
    files.write("cgroup/memory/memory.usage_in_bytes", "123456\n");
    files.write("cgroup/cpuacct/cpuacct.usage", "1500000000\n");
    files.write("cgroup/cpu/c/cpu.stat",
                "nr_periods 12\nnr_throttled 4\nthrottled_time 2250000000\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 500u);
    CHECK(stats.memory_limit_bytes == 800u);
    CHECK(stats.cpu_usage_seconds == 1.5);
    CHECK(stats.cpu_periods == 12u);
    CHECK(stats.cpu_throttled_periods == 4u);
    CHECK(stats.cpu_throttled_seconds == 2.25);
}

TEST_CASE("version 1: in a container each mount is our own cgroup, cpu and cpuacct are one") {
    const Files files;
    files.write("proc/self/cgroup",
                "11:memory:/docker/0123\n6:cpu,cpuacct:/docker/0123\n0::/docker/0123\n");
    files.write("cgroup/memory/memory.usage_in_bytes", "500\n");
    files.write("cgroup/cpu,cpuacct/cpuacct.usage", "3000000000\n");
    files.write("cgroup/cpu,cpuacct/cpu.stat", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
    const auto stats = read(files);
    CHECK(stats.memory_usage_bytes == 500u);
    CHECK_FALSE(stats.memory_limit_bytes);
    CHECK(stats.cpu_usage_seconds == 3.0);
    CHECK(stats.cpu_throttled_periods == 0u);
    CHECK(stats.cpu_throttled_seconds == 0.0);
}

TEST_CASE("version 1: a limit of nearly 2^63 is no limit") {
    const Files files;
    files.write("proc/self/cgroup", "4:memory:/\n");
    files.write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    CHECK_FALSE(read(files).memory_limit_bytes);
}

TEST_CASE("what is no number is not there") {
    const Files files;
    files.write("proc/self/cgroup", "no colon\n0::/a\n");
    files.write("cgroup/cgroup.controllers", "cpu memory\n");
    files.write("cgroup/a/memory.current", "\n");
    files.write("cgroup/a/memory.max", "-1\n");
    files.write("cgroup/a/cpu.stat", "usage_usec\nnr_periods x\n nr_throttled 7 8\n");
    const auto stats = read(files);
    CHECK_FALSE(stats.memory_usage_bytes);
    CHECK_FALSE(stats.memory_limit_bytes);
    CHECK_FALSE(stats.cpu_usage_seconds);
    CHECK_FALSE(stats.cpu_periods);
    CHECK_FALSE(stats.cpu_throttled_periods);
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
    CHECK_FALSE(stats.cpu_throttled_seconds);
    CHECK_FALSE(stats.uptime_seconds);
}
