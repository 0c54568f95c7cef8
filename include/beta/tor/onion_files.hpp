// OnionFiles: what stands in the folder of a service's onion keys: for each calling plane a key,
// and perhaps a list of the callers that the onion is open to.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/onion_key.hpp"

#include <expected>
#include <string>
#include <vector>

namespace beta::tor {

/// One onion service that this sidecar publishes.
struct OwnOnion {
    model::PlaneName plane;  // of the callers
    model::OnionKey key;
    std::vector<std::string> clients;  // public keys; none: open to whoever knows the address
};

/// "<tor.keys>/<service>-<plane>.pem", and the list ".clients" beside it.
std::string onion_key_file(const config::Config& config, const model::PlaneName& plane);
std::string onion_clients_file(const config::Config& config, const model::PlaneName& plane);

/// One for each ingress listener; a key that is not there yet is made. The error is a sentence.
std::expected<std::vector<OwnOnion>, std::string> own_onions(const config::Config& config);

}  // namespace beta::tor
