// Load: manifests as they are written become a Deployment, or are refused with places.
#pragma once

#include "beta/manifest/deployment.hpp"
#include "beta/manifest/variables.hpp"
#include "beta/model/diagnostic.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::manifest {

struct Source {
    std::string name;  // of the file
    std::string text;
};

/// Reads the files of one engine: of Compose the first is the base and further ones lie over it;
/// of Kubernetes each holds any number of documents. Strict: what this does not know it cannot
/// vouch for, and refuses. Every error at once; codes start with MANIFEST_ or YAML_.
std::expected<Deployment, model::Diagnostics> load(const std::vector<Source>& sources,
                                                   const Variables& variables);

/// Where the configuration of a sidecar is mounted in each container of the images.
inline constexpr std::string_view configuration_path = "/etc/beta/sidecar.yaml";

/// Files of the host that sidecars have there, by container; relative ones as they are written.
std::vector<std::pair<std::string, std::string>> configurations(const Deployment& deployment);

/// What the configuration of this container says of itself, for the checks. What cannot be read as
/// YAML is none. `above` lines come before it in its file.
void add_configuration(Deployment& deployment, std::string_view container, const Source& source,
                       std::uint32_t above = 0);

}  // namespace beta::manifest
