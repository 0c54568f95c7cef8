#include "beta/app/heartbeat.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace beta::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds shortest = std::chrono::milliseconds(1);  // no storm of pings
constexpr std::chrono::microseconds longest = std::chrono::hours(1);          // sooner does no harm

void pause_until(Clock::time_point due, const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    never.wait_until(lock, stop, due, [] { return false; });
}

}  // namespace

/// Twice as often as the manager asks for, as sd_watchdog_enabled(3) has it.
Heartbeat::Heartbeat(std::chrono::microseconds watchdog, Call call, const runtime::Notify& notify,
                     telemetry::EventLog& events)
    : interval_(watchdog.count() == 0 ? watchdog : std::clamp(watchdog / 2, shortest, longest)),
      call_(std::move(call)),
      notify_(notify),
      events_(events) {}

void Heartbeat::start() {
    if (interval_.count() == 0)
        return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        ::pthread_setname_np(::pthread_self(), "heartbeat");
        run(stop);
    });
}

void Heartbeat::stop() {
    thread_.request_stop();
    if (thread_.joinable())
        thread_.join();
}

void Heartbeat::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        const auto due = Clock::now() + interval_;
        beat(stop);
        pause_until(due, stop);
    }
}

void Heartbeat::beat(const std::stop_token& stop) {
    const auto rollcall = call_();
    if (!rollcall->wait(interval_, stop) && !stop.stop_requested()) {
        events_.error("a worker does not answer: no ping to the service manager until it does");
        while (!stop.stop_requested() && !rollcall->wait(interval_, stop)) {
        }
        if (!stop.stop_requested())
            events_.warn("every worker answers again");
    }
    if (!stop.stop_requested() && !notify_.ping())
        events_.warn("the service manager did not take a ping");
}

}  // namespace beta::app
