// ControlRecord: makes a ControlState of what a control port says, without socket or clock.
#pragma once

#include "beta/tor/control_state.hpp"
#include "beta/torctl/event.hpp"
#include "beta/torctl/reply.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace beta::tor {

class ControlRecord {
  public:
    ControlRecord(std::size_t most_circuits, std::size_t most_published)
        : most_circuits_(most_circuits), most_published_(most_published) {}

    void connected() { state_.connected = true; }
    void authenticated(const std::string& version);
    /// What was known of tor is no longer: it may be another when it comes back.
    void lost(const std::string& why);
    void heard(const torctl::Event& event);
    /// The reply to GETINFO of what stands in ControlState; keys that it lacks change nothing.
    void told(const torctl::Reply& reply);

    const ControlState& state() const noexcept { return state_; }

  private:
    void take(const torctl::ClientStatus& status);
    void take(const torctl::Circuit& circuit);
    void take(const torctl::Descriptor& descriptor);
    void take(const torctl::Liveness& liveness);
    void take(const torctl::Stream&) {}
    void take(const torctl::Other&) {}
    void take(const torctl::Bootstrap& bootstrap);
    void note_introduction(const torctl::Circuit& circuit);
    void count_introductions();
    bool open(const std::string& id);

    std::size_t most_circuits_;
    std::size_t most_published_;
    std::unordered_set<std::string> open_;                              // circuits that are built
    std::unordered_map<std::string, model::OnionAddress> introducing_;  // of these, for whom
    ControlState state_;
};

}  // namespace beta::tor
