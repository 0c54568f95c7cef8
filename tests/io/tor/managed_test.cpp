// Goal: tor lives as long as the sidecar, whatever happens to it, and not longer.
// Method: a shell script in tor's place that notes how it was called.
#include "beta/tor/managed.hpp"

#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace beta;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

/// Stands where tor does; `what` is the rest of its life.
class Stage {
  public:
    explicit Stage(const std::string& what, const std::string& first = "") {
        files_.write(
            "tor", "#!/bin/sh\n" + first + "\necho \"$*\" >>" + path("calls") + "\n" + what + "\n");
        REQUIRE(::chmod(path("tor").c_str(), 0700) == 0);
    }

    std::string path(const std::string& name) const { return (files_.root() / name).string(); }
    telemetry::EventLog& events() { return events_; }
    tor::ManagedSettings settings() const {
        return {.binary = path("tor"),
                .tor = {.folder = path("data"), .owner = ::getpid()},
                .extra = "UseBridges 1\n",
                .first_pause = 1ms,
                .longest_pause = 5ms,
                .end_time = 200ms};
    }
    std::vector<std::string> calls() const {
        std::vector<std::string> lines;
        std::ifstream file(path("calls"));
        for (std::string line; std::getline(file, line);)
            lines.push_back(line);
        return lines;
    }
    /// Whole lines only: the script writes one at a time.
    void wait_for_calls(std::size_t count) const {
        wait([&] { return calls().size() >= count; });
    }
    template <class Wanted>
    static void wait(Wanted wanted) {
        const auto deadline = std::chrono::steady_clock::now() + 60s;
        while (!wanted()) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::this_thread::yield();
        }
    }

  private:
    testing::Files files_;
    telemetry::LogWriter writer_{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog events_{writer_, config::LogLevel::debug};
};

const std::string for_long = "exec /bin/sleep 3600";

int pid_of(const tor::Managed& tor) {
    Stage::wait([&] { return tor.words().starts_with("tor runs"); });
    return std::stoi(tor.words().substr(tor.words().rfind(' ')));
}

bool is_alive(int pid) {
    return ::kill(pid, 0) == 0;
}

bool is_child_of_ours(int pid) {
    siginfo_t nothing{};
    return ::waitid(P_PID, static_cast<id_t>(pid), &nothing, WEXITED | WNOHANG | WNOWAIT) == 0;
}

}  // namespace

TEST_CASE("tor is started with the torrc of the sidecar and no other, which nobody else can read") {
    Stage stage(for_long);
    tor::Managed tor(stage.settings(), stage.events());
    REQUIRE(tor.prepare());
    tor.start();
    stage.wait_for_calls(1);
    CHECK(stage.calls().front() == "--defaults-torrc /dev/null -f " + stage.path("data/torrc"));
    struct stat status{};
    REQUIRE(::stat(stage.path("data/torrc").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    std::ifstream file(stage.path("data/torrc"));
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    CHECK_THAT(text, Contains("UseBridges 1\nDataDirectory"));
    CHECK_THAT(text, Contains("__OwningControllerProcess " + std::to_string(::getpid())));
}

TEST_CASE("a tor that dies is started again, and the words say how it ended") {
    Stage stage("exit 3");
    tor::Managed tor(stage.settings(), stage.events());
    tor.start();
    stage.wait_for_calls(4);
    Stage::wait([&] { return tor.words().contains("exit code 3"); });
    tor.stop();
    CHECK_FALSE(tor.is_running());
}

TEST_CASE("tor is ended with the sidecar") {
    Stage stage(for_long);
    tor::Managed tor(stage.settings(), stage.events());
    tor.start();
    const auto pid = pid_of(tor);
    CHECK(tor.is_running());
    CHECK(is_alive(pid));
    tor.stop();
    CHECK_FALSE(is_alive(pid));
    CHECK_FALSE(tor.is_running());
}

TEST_CASE("a keeper starts tor, starts it again, and ends it with the sidecar") {
    Stage stage(for_long);
    tor::Managed tor(stage.settings(), stage.events());
    REQUIRE(tor.leave_to_keeper());
    tor.start();
    const auto first = pid_of(tor);
    CHECK_FALSE(is_child_of_ours(first));
    stage.wait_for_calls(1);
    ::kill(first, SIGKILL);
    stage.wait_for_calls(2);
    Stage::wait([&] { return tor.is_running() && pid_of(tor) != first; });
    const auto second = pid_of(tor);
    CHECK_FALSE(is_alive(first));
    tor.stop();
    CHECK_FALSE(is_alive(second));
    CHECK(stage.calls().back() == "--defaults-torrc /dev/null -f " + stage.path("data/torrc"));
}

TEST_CASE("what the keeper cannot start is told as if there were none") {
    Stage stage(for_long);
    auto settings = stage.settings();
    settings.binary = stage.path("none");
    tor::Managed tor(settings, stage.events());
    REQUIRE(tor.leave_to_keeper());
    tor.start();
    Stage::wait([&] { return tor.words().contains("tor.binary: cannot run"); });
    tor.stop();
}

TEST_CASE("a tor that does not listen to SIGTERM is killed") {
    Stage stage("while :; do /bin/sleep 1; done", "trap '' TERM");
    tor::Managed tor(stage.settings(), stage.events());
    tor.start();
    stage.wait_for_calls(1);  // it has set its trap
    const auto pid = pid_of(tor);
    tor.stop();
    CHECK_FALSE(is_alive(pid));
}

TEST_CASE("a tor that talks without end is heard and can be ended") {
    Stage stage("while :; do echo 'Nov 26 00:00:00.000 [notice] so much to say'; done");
    tor::Managed tor(stage.settings(), stage.events());
    tor.start();
    stage.wait_for_calls(1);
    tor.stop();
    CHECK_FALSE(tor.is_running());
}

TEST_CASE("a binary that is not there and a folder that others may enter are refused") {
    Stage stage(for_long);
    auto settings = stage.settings();
    settings.binary = stage.path("none");
    CHECK_THAT(tor::Managed(settings, stage.events()).prepare().error(),
               Contains("tor.binary: cannot run"));
    std::filesystem::create_directory(stage.path("data"));
    REQUIRE(::chmod(stage.path("data").c_str(), 0755) == 0);
    CHECK_THAT(tor::Managed(stage.settings(), stage.events()).prepare().error(),
               Contains("a folder of this user alone"));
    REQUIRE(::chmod(stage.path("data").c_str(), 0700) == 0);
    CHECK(tor::Managed(stage.settings(), stage.events()).prepare());
}
