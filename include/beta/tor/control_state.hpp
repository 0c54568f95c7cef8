// ControlState: what tor's control port has told so far, as one value.
#pragma once

#include "beta/model/onion_address.hpp"
#include "beta/torctl/event.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace beta::tor {

struct ControlState {
    enum class Phase : std::uint8_t { starting, ready, degraded };

    /// Descriptors of a service that this tor publishes.
    struct Published {
        std::uint64_t uploaded = 0;
        std::uint64_t failed = 0;
        std::size_t introductions = 0;  // circuits to relays that take them
    };

    // Now
    bool connected = false;
    bool authenticated = false;
    std::string version;                // "0.4.9.11"
    unsigned bootstrap_percent = 0;     // 0 while not authenticated
    std::string bootstrap_summary;      // "Loading relay descriptors"
    bool circuits_established = false;  // tor's own word for it
    bool network_down = false;          // tor hears nothing from any relay
    std::string trouble;                // why circuits are not there, in tor's words
    std::size_t circuits = 0;           // built and open
    std::string last_error;             // why there is no connection; a sentence

    // Since this process began
    std::uint64_t connections = 0;  // authenticated
    std::array<std::uint64_t, static_cast<std::size_t>(torctl::EventKind::count_)> events{};
    std::array<std::uint64_t, static_cast<std::size_t>(torctl::Circuit::Status::count_)>
        circuit_events{};
    std::array<std::uint64_t, static_cast<std::size_t>(torctl::Descriptor::Action::count_)>
        descriptor_events{};
    std::map<model::OnionAddress, Published> published{};

    Phase phase() const noexcept;
    /// For a person: "ready", "starting (bootstrap 45 %: Loading relay descriptors)",
    /// "degraded: …".
    std::string words() const;
};

}  // namespace beta::tor
