// Calendar: says in time that our certificate will end, and when it has.
#pragma once

#include "beta/telemetry/event_log.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace beta::app {

/// What is to be said of a certificate at one time, and when to look again.
struct Notice {
    enum class Kind : std::uint8_t { none, ends_soon, has_ended };
    Kind kind = Kind::none;
    std::chrono::seconds again{};  // from now
};

/// Pure. Once a day from `warn_before` its end; from its end on too.
Notice notice(std::chrono::system_clock::time_point until, std::chrono::milliseconds warn_before,
              std::chrono::system_clock::time_point now);

class Calendar {
  public:
    using Clock = std::chrono::system_clock;
    using Until = std::function<std::optional<Clock::time_point>()>;  // of the one in force

    /// Both outlive it.
    Calendar(Until until, std::chrono::milliseconds warn_before, telemetry::EventLog& events)
        : until_(std::move(until)), warn_before_(warn_before), events_(events) {}
    ~Calendar() { stop(); }

    void start();
    /// Looks now: the certificate in force may be another.
    void look_again();
    void stop();

  private:
    void run(const std::stop_token& stop);
    std::chrono::seconds tell();

    Until until_;
    std::chrono::milliseconds warn_before_;
    telemetry::EventLog& events_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    bool look_ = false;
    std::jthread thread_;
};

}  // namespace beta::app
