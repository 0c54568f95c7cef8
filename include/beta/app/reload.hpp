// Reload: the ACL file and the service directory read again and put in force, or kept as they are.
#pragma once

#include "beta/app/audit.hpp"
#include "beta/app/in_force.hpp"
#include "beta/app/lane.hpp"
#include "beta/config/config.hpp"
#include "beta/telemetry/event_log.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace beta::app {

/// What asked for it.
enum class Cause : std::uint8_t { signal, files };

/// All files are checked whole before any lane sees them; each lane then swaps them between two
/// requests. Returns once every lane has. On any error the last good ones stay, and one log line
/// says why. One thread at a time, none of the lanes'.
bool reload(const config::Config& config, InForce& in_force,
            const std::vector<std::unique_ptr<Lane>>& lanes, telemetry::EventLog& events,
            Audit& audit, Cause cause);

}  // namespace beta::app
