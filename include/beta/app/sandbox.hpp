// Sandbox: the process's own, by the word of the configuration.
#pragma once

#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/runtime/sandbox.hpp"
#include "beta/telemetry/event_log.hpp"

#include <expected>

namespace beta::app {

/// Enters it, and logs what came of that; the diagnostics of one that is required and not whole.
std::expected<runtime::Sandbox, model::Diagnostics> confine(const config::Config& config,
                                                            telemetry::EventLog& events);
/// The sandbox outlives what is shown of it.
Watch::Also shown(const runtime::Sandbox& sandbox);

}  // namespace beta::app
