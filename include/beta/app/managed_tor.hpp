// ManagedTor: the tor that the configuration asks the sidecar to own, if it does.
#pragma once

#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/tor/managed.hpp"

#include <expected>
#include <memory>
#include <string>

namespace beta::app {

/// The lines of `tor.extra_torrc`, checked; nothing when it is off.
std::expected<std::string, model::Diagnostics> read_extra_torrc(const config::Config& config);

/// Not started yet; nullptr when tor is external. `events` outlives it.
std::expected<std::unique_ptr<tor::Managed>, model::Diagnostics> managed_tor(
    const config::Config& config, const directory::Directory& directory,
    telemetry::EventLog& events);

/// Whether calls leave through exits: else a managed tor refuses all but onions.
bool reaches_exits(const directory::Directory& directory) noexcept;

/// What /readyz says of it.
Watch::Also shown(const tor::Managed& tor);

}  // namespace beta::app
