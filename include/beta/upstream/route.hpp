// Route: how a destination is reached: through tor's SOCKS port by name, or the local app of this
// sidecar.
#pragma once

#include "beta/model/endpoint.hpp"
#include "beta/tls/credentials.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace beta::upstream {

/// Ids of destinations, as permits carry them: the local app's, and those of the directory's
/// entries. They belong to one directory: a permit is used under the snapshot that it was made by.
constexpr std::uint32_t own_app = 0;
constexpr std::uint32_t destination_id(std::uint32_t entry) noexcept {
    return entry + 1;
}

struct Route {
    /// Where the TCP or unix connection goes: tor's SOCKS port, or the app. Never anything else.
    model::Endpoint dial;
    bool through_tor = true;
    // With through_tor: what is said to tor. The name is resolved there, never here.
    std::string domain;
    std::uint16_t port = 0;
    // Whose circuits these are: what credentials towards tor are made of. Never said to anyone.
    std::string plane;
    std::string service;
    std::string name;  // of the destination in the directory
    // Tor keeps streams with different credentials on different circuits. Of one circuit and epoch.
    std::string user;
    std::string password;
    bool speaks_first = false;  // a host outside may, in a tunnel; a sidecar never does

    /// To another sidecar: it proves to be the one that is meant before a byte of a request goes.
    struct Tls {
        std::shared_ptr<const tls::Credentials> credentials;  // ours
        tls::Expected expected;
        std::shared_ptr<tls::Tickets> tickets;  // of one worker
        std::chrono::milliseconds connection_age{};
    };
    std::optional<Tls> tls;

    /// Equal keys may share streams. Contains the onion address: not for logs.
    std::string key() const {
        const auto callee =
            tls ? tls->expected.plane + '/' + tls->expected.service + ' ' + tls->expected.id : "";
        return dial.str() + '|' + domain + ':' + std::to_string(port) + '|' + plane + '|' +
               service + '|' + name + '|' + callee;
    }
};

}  // namespace beta::upstream
