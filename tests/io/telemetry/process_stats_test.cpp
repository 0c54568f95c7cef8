#include "beta/telemetry/process_stats.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

#include <chrono>

using namespace beta::telemetry;
using beta::testing::Files;

TEST_CASE("the fields of stat are found behind any process name") {
    const auto name = GENERATE(values<std::string>({"beta", "a b", ") 1 2 (", "x\ny"}));
    const Files proc;
    proc.write("self/stat",
               "42 (" + name +
                   ") S 1 42 42 0 -1 4194304 9 0 0 0 1234 766 0 0 20 0 5 0 5000 1048576 300 1 2\n");
    proc.write("stat", "cpu  1 2 3\nintr 5\nctxt 6\nbtime 1700000000\nprocesses 7\n");
    proc.write("self/fd/0", "");
    proc.write("self/fd/1", "");
    proc.write("self/fd/2", "");
    const auto stats = read_process(proc.root());
    REQUIRE(stats);
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    CHECK(stats->cpu_seconds == Approx(2000 / ticks));
    CHECK(stats->start_time_seconds == Approx(1700000000 + 5000 / ticks));
    CHECK(stats->virtual_bytes == 1048576);
    CHECK(stats->resident_bytes == 300u * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)));
    CHECK(stats->open_fds == 3);
    CHECK(stats->max_fds > 0);
}

TEST_CASE("without a readable stat there is nothing to say") {
    const Files proc;
    CHECK_FALSE(read_process(proc.root()));
    proc.write("self/stat", "42 (beta) S 1 2 3");
    CHECK_FALSE(read_process(proc.root()));
    proc.write("self/stat", "nonsense");
    CHECK_FALSE(read_process(proc.root()));
}

TEST_CASE("this very process is plausible") {
    const auto before = read_process();
    REQUIRE(before);
    CHECK(before->resident_bytes > 1'000'000);
    CHECK(before->virtual_bytes >= before->resident_bytes);
    CHECK(before->open_fds >= 3);
    const auto now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    CHECK(before->start_time_seconds > now - 3600);
    CHECK(before->start_time_seconds < now + 2);
    const int fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK(read_process()->open_fds == before->open_fds + 1);
    ::close(fd);
}
