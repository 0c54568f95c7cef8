// Heartbeat: pings the service manager's watchdog for as long as every worker answers.
#pragma once

#include "beta/app/rollcall.hpp"
#include "beta/runtime/notify.hpp"
#include "beta/telemetry/event_log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>

namespace beta::app {

/// A worker that hangs answers no roll call, and the manager restarts the process. One call is open
/// at a time: nothing piles up on who does not answer.
class Heartbeat {
  public:
    using Call = std::function<std::shared_ptr<Rollcall>()>;  // asks all workers

    /// `watchdog`: the manager's time, 0 for none. What is referred to outlives it.
    Heartbeat(std::chrono::microseconds watchdog, Call call, const runtime::Notify& notify,
              telemetry::EventLog& events);
    ~Heartbeat() { stop(); }

    void start();
    void stop();

  private:
    void run(const std::stop_token& stop);
    void beat(const std::stop_token& stop);

    std::chrono::microseconds interval_;
    Call call_;
    const runtime::Notify& notify_;
    telemetry::EventLog& events_;
    std::jthread thread_;
};

}  // namespace beta::app
