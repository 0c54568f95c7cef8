// Control: a connection to tor's control port that comes back by itself, and what it has heard.
#pragma once

#include "beta/model/endpoint.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/tor/control_state.hpp"
#include "beta/torctl/command.hpp"
#include "beta/torctl/event.hpp"
#include "beta/torctl/reply.hpp"

#include <chrono>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <string>

namespace beta::tor {

struct ControlLimits {
    std::chrono::milliseconds reply_time{15'000};  // a command to its reply; tor answers in ms
    std::chrono::milliseconds poll_time{10'000};   // between two looks at what events may not tell
    std::chrono::milliseconds first_pause{200};    // before connecting again; doubles
    std::chrono::milliseconds longest_pause{10'000};
    std::size_t waiting = 256;      // commands without a reply; more is a flood of our own
    std::size_t password = 4096;    // bytes of a password's file; more is another file
    std::size_t published = 1024;   // services counted by address
    std::size_t circuits = 65'536;  // known by number; a busy client has some hundred
    torctl::ReplyLimits reply{};
};

struct ControlSettings {
    model::Endpoint address;      // of this machine
    std::string password_file{};  // empty: none
    std::string cookie_file{};    // empty: the one that tor names
    ControlLimits limits{};
};

/// All of it happens on one thread of its own, "tor-control": neither requests nor scrapes wait for
/// it. What tor was told dies with the connection (an onion service without Detach, TAKEOWNERSHIP):
/// who needs it says it again in `ready`.
class Control {
  public:
    /// The reply, good or bad; or a sentence that says why there is none. Called once, on the
    /// control thread, never from within ask().
    using Answer = std::function<void(std::expected<torctl::Reply, std::string>)>;

    /// Called on the control thread; may call ask(). Any may be empty.
    struct Hooks {
        std::function<void()> ready{};  // tor obeys: once for each connection
        std::function<void()> lost{};   // that connection is gone
        std::function<void(const torctl::Event&)> event{};
    };

    /// `events` outlives this.
    Control(ControlSettings settings, telemetry::EventLog& events);
    ~Control();
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    void observe(Hooks hooks);  // before start()
    void start();
    /// Ends the connection and the thread; whoever still waits for an answer gets a sentence. Once.
    void stop();

    /// Any thread, until stop() is over. Sent at once, behind what was asked before; when no
    /// connection is authenticated the answer is that sentence.
    void ask(torctl::Command command, Answer answer);

    /// As it is now. Any thread.
    std::shared_ptr<const ControlState> state() const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace beta::tor
