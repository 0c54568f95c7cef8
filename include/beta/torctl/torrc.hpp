// Torrc: the whole configuration of a tor that the sidecar owns, and which lines may be added.
#pragma once

#include "beta/model/diagnostic.hpp"

#include <string>
#include <string_view>

namespace beta::torctl {

/// A tor that no one else uses: client only, its ports unix sockets in a folder of its own.
struct ManagedTor {
    std::string folder;  // config::Config::tor_data; DataDirectory, sockets and cookie are in it
    bool reaches_exits = true;  // else tor itself refuses whatever is not an onion
    long owner = 0;             // tor ends soon after this process did

    std::string socks() const { return folder + "/socks"; }
    std::string control() const { return folder + "/control"; }
    std::string cookie() const { return folder + "/cookie"; }
    std::string torrc() const { return folder + "/torrc"; }
};

/// `extra` has passed check_extra(). The sidecar's own lines come last: of an option that stands
/// twice tor takes the last.
std::string write_torrc(const ManagedTor& tor, std::string_view extra);

/// What is wrong with a person's additional lines. An option that is not known to be harmless is
/// refused: ports, services, relays, files, includes, and whatever a later tor may bring.
model::Diagnostics check_extra(std::string_view text, const std::string& file);

}  // namespace beta::torctl
