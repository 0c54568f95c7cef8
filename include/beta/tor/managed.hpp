// Managed: a tor process that the sidecar starts, watches, starts again when it dies, and ends.
#pragma once

#include "beta/net/descriptor.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/torctl/torrc.hpp"

#include <atomic>
#include <chrono>
#include <expected>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace beta::tor {

class Child;
class Keeper;

struct ManagedSettings {
    std::string binary;
    torctl::ManagedTor tor;
    std::string extra;                           // has passed torctl::check_extra()
    std::chrono::milliseconds first_pause{500};  // before the next start; doubles
    std::chrono::milliseconds longest_pause{30'000};
    std::chrono::milliseconds settled{60'000};  // ran that long: the pause is the first again
    std::chrono::milliseconds end_time{5'000};  // after SIGTERM; then SIGKILL
};

/// On a thread of its own, "tor": it writes the torrc, starts tor with that file and no other, and
/// makes event log lines of what tor says.
class Managed {
  public:
    /// `events` outlives this.
    Managed(ManagedSettings settings, telemetry::EventLog& events);
    ~Managed();
    Managed(const Managed&) = delete;
    Managed& operator=(const Managed&) = delete;

    /// Makes the folder and looks at the binary, so that a mistake is seen before tor is needed.
    /// The error is a sentence.
    std::expected<void, std::string> prepare() const;
    /// Before start(), and while there is no other thread: a process of its own starts and ends tor
    /// from here on, so that this one need not be able to. The error is a sentence.
    std::expected<void, std::string> leave_to_keeper();
    void start();
    /// Ends tor, and returns once it has ended. Once.
    void stop();

    bool reaches_exits() const noexcept { return settings_.tor.reaches_exits; }
    bool is_running() const noexcept { return pid_ != 0; }  // any thread
    std::string words() const;                              // any thread; for a person

  private:
    void run();
    std::expected<Child, std::string> spawn() const;
    bool live();  // one life of tor; false: stop() was called
    template <class Started>
    bool attend(std::expected<Started, std::string> child);
    bool listen(int ended, int output);
    void hear(std::string& text) const;
    bool rest(std::chrono::milliseconds pause) const;
    void say(std::string words);

    ManagedSettings settings_;
    telemetry::EventLog& events_;
    std::unique_ptr<Keeper> keeper_;  // after leave_to_keeper()
    net::Descriptor stop_;            // an eventfd, readable from stop() on
    std::atomic<int> pid_{0};
    mutable std::mutex mutex_;
    std::string words_{"tor has not been started yet"};
    std::thread thread_;
};

}  // namespace beta::tor
