// Routes: how each entry of the directory is reached from this sidecar.
#pragma once

#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/tor/isolation.hpp"
#include "beta/upstream/route.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace beta::app {

/// By destination id. An entry without an onion for this plane has none.
std::vector<std::optional<upstream::Route>> routes(const config::Config& config,
                                                   const tor::Isolation& isolation,
                                                   const directory::Directory& directory);

}  // namespace beta::app
