// Notify: tells the service manager how this process is, by systemd's datagrams (sd_notify(3)).
#pragma once

#include "beta/config/config.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::runtime {

/// What the manager wants of this process, by its variables. Nothing is told where it says nothing.
struct ManagerTerms {
    std::string socket;                    // NOTIFY_SOCKET; empty: there is no manager
    std::chrono::microseconds watchdog{};  // WATCHDOG_USEC; 0: it waits for no ping

    /// WATCHDOG_PID may say that the pings are another process's.
    static ManagerTerms of(const config::Environment& environment, long own_pid);
};

/// Any thread. Words become one line: a line of its own would be an order to the manager.
class Notify {
  public:
    Notify() = default;  // says nothing to nobody
    /// Connected at once and kept: later a sandbox may forbid it.
    static std::expected<Notify, std::string> connect(const std::string& address);

    Notify(Notify&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    Notify& operator=(Notify&& other) noexcept;
    ~Notify();

    // Whether the manager took it; true without one.
    bool ready(std::string_view status) const;  // it serves, or serves again after a reload
    bool reloading() const;
    bool stopping(std::string_view status) const;
    bool ping() const;  // of the watchdog

  private:
    explicit Notify(int socket) noexcept : socket_(socket) {}
    bool send(std::string_view lines) const;

    int socket_ = -1;
};

}  // namespace beta::runtime
