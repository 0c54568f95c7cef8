// NetworkPolicy: what Kubernetes may let pass between pods and Tor, as it follows from the
// policies.
#pragma once

#include "beta/model/known_by.hpp"
#include "beta/proof/policies.hpp"
#include "beta/proof/relay.hpp"

#include <string>
#include <vector>

namespace beta::proof {

/// What the policies do not say.
struct Surroundings {
    std::vector<Relay> relays;  // that tor may reach; none: every public address
    std::string scraper;        // namespace that reads the admin port; empty: none
    std::string plane;          // of this one alone; empty: of all
    model::KnownBy known_by = model::KnownBy::certificate;
};

/// YAML, the same for the same input. Each plane is a namespace, and denies everything; each
/// service of the directory is let out to Tor where it may call anyone or be called, by what
/// acl::reach says of both sides. Calls come by tor, from inside the pod: nobody is let in but the
/// scraper.
std::string network_policies(const Policies& policies, const Names& names,
                             const Surroundings& around);

}  // namespace beta::proof
