// Routes: how each entry of the directory is reached from this sidecar.
#pragma once

#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/model/endpoint.hpp"
#include "beta/upstream/route.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace beta::app {

/// From this sidecar, to whatever tor knows by that name. The circuits are those of `name`, and
/// their credentials are still to come.
upstream::Route through_tor(const config::Config& config, const std::string& domain,
                            std::uint16_t port, const std::string& name);

/// To the local app: the one thing that is called without tor.
upstream::Route to_app(const model::Endpoint& app);

/// To another sidecar, by our certificate. Without tickets the proof is asked each time.
upstream::Route::Tls secured(const config::Config& config,
                             std::shared_ptr<const tls::Credentials> ours, tls::Expected expected,
                             std::shared_ptr<tls::Tickets> tickets);

/// By destination id, for one worker. An entry without an onion for this plane has none. `ours` is
/// null where sidecars do not speak TLS.
std::vector<std::optional<upstream::Route>> routes(
    const config::Config& config, const directory::Directory& directory,
    const std::shared_ptr<const tls::Credentials>& ours);

}  // namespace beta::app
