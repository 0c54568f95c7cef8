// Reload: the ACL file and the service directory read again and put in force, or kept as they are.
#pragma once

#include "beta/app/in_force.hpp"
#include "beta/app/lane.hpp"
#include "beta/config/config.hpp"
#include "beta/telemetry/event_log.hpp"

#include <memory>
#include <vector>

namespace beta::app {

/// Both files are checked whole before any lane sees them; each lane then swaps both between two
/// requests. Returns once every lane has. On any error the last good ones stay, and one log line
/// says why. One thread at a time, none of the lanes'.
bool reload(const config::Config& config, InForce& in_force,
            const std::vector<std::unique_ptr<Lane>>& lanes, telemetry::EventLog& events);

}  // namespace beta::app
