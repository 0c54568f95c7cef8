// Needs: what a running sidecar must still reach, by its configuration: the rest can be taken from
// it.
#pragma once

#include "beta/config/config.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace beta::config {

/// After the start: what is read once, before it, is not in here. Nor are unix sockets: those that
/// can be reached are a matter of mounts.
struct Needs {
    std::vector<std::string> files;    // read again, also those that took their place
    std::vector<std::string> folders;  // whatever is in them is read
    std::vector<std::string> logs;     // written at their end, and made anew
    std::vector<std::uint16_t> ports;  // TCP, called; in order, each once

    bool operator==(const Needs&) const = default;
};

Needs needs_of(const Config& config);

}  // namespace beta::config
