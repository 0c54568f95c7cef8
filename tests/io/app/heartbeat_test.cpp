// Goal: the watchdog is pinged while every worker answers, and not while one hangs.
// Method: real workers; one is held at a gate, where a worker that hangs would be.
#include "beta/app/heartbeat.hpp"

#include "beta/runtime/worker.hpp"

#include "support/gate.hpp"
#include "support/running_sidecar.hpp"
#include "support/service_manager.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>

#include <array>
#include <memory>

using namespace beta;
using namespace std::chrono_literals;
using beta::testing::Gate;

namespace {

/// Two workers. Before the call of that number (the first is 1) one comes to the gate.
struct Scene {
    explicit Scene(int hang_at) : hang_at_(hang_at) {
        for (auto& worker : workers_)
            worker.start();
    }
    app::Heartbeat heartbeat(std::chrono::microseconds watchdog) {
        return {watchdog, [this] { return call(); }, notify_, events_};
    }

    testing::ServiceManager manager;
    Gate gate;

  private:
    std::shared_ptr<app::Rollcall> call() {
        if (++calls_ == hang_at_)
            workers_[1].post([this] { gate.pass(); });
        auto rollcall = std::make_shared<app::Rollcall>(workers_.size());
        for (auto& worker : workers_)
            worker.post([rollcall] { rollcall->arrive(); });
        return rollcall;
    }

    int hang_at_;
    int calls_ = 0;
    runtime::Notify notify_ = runtime::Notify::connect(manager.address()).value();
    telemetry::LogWriter log_{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog events_{log_, config::LogLevel::warn};
    std::array<runtime::Worker, 2> workers_;
};

}  // namespace

TEST_CASE("pings come while all workers answer, stop while one hangs, and come again after it") {
    Scene scene(4);
    auto heart = scene.heartbeat(100ms);
    heart.start();
    for (int i = 0; i < 3; ++i)
        CHECK(scene.manager.heard() == "WATCHDOG=1");
    scene.gate.wait_for_arrivals(1);
    CHECK(scene.manager.heard_within(500ms).empty());
    scene.gate.open();
    CHECK(scene.manager.heard() == "WATCHDOG=1");
    CHECK(scene.manager.heard() == "WATCHDOG=1");
}

TEST_CASE("a heartbeat whose workers hang can be stopped") {
    Scene scene(1);
    auto heart = scene.heartbeat(48h);
    heart.start();
    scene.gate.wait_for_arrivals(1);
    heart.stop();
    scene.gate.open();
    CHECK(scene.manager.heard_within(0ms).empty());
}

TEST_CASE("a manager that waits for no ping gets none") {
    Scene scene(1);
    auto heart = scene.heartbeat(0us);
    heart.start();
    heart.stop();
    CHECK(scene.manager.heard_within(0ms).empty());
}

TEST_CASE("every worker of a sidecar comes to its roll call, while it drains too") {
    testing::RunningSidecar sidecar({.workers = 3});
    CHECK(sidecar->call_roll()->wait(testing::failing_bound));
    sidecar->drain();
    CHECK(sidecar->call_roll()->wait(testing::failing_bound));
}

TEST_CASE("a roll call waits for the last, and no longer than its patience") {
    app::Rollcall rollcall(2);
    rollcall.arrive();
    CHECK_FALSE(rollcall.wait(1ms));
    rollcall.arrive();
    CHECK(rollcall.wait(0ms));
}
