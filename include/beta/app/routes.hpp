// Routes: how each entry of the directory is reached from this sidecar.
#pragma once

#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/upstream/route.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace beta::app {

/// By destination id, for one worker. An entry without an onion for this plane has none. `ours` is
/// null where sidecars do not speak TLS.
std::vector<std::optional<upstream::Route>> routes(const config::Config& config,
                                                   const directory::Directory& directory,
                                                   std::shared_ptr<const tls::Credentials> ours);

}  // namespace beta::app
