// PolicyChecks: what `verify` says of the policies that a deployment would run by.
#pragma once

#include "beta/manifest/checklist.hpp"

#include <string>
#include <vector>

namespace beta::cli {

struct PolicyPlaces {
    std::vector<std::string> places{"acl"};
    std::string invariants;
    std::string services;
};

manifest::Checks policy_checks(const PolicyPlaces& places, const manifest::Deployment& deployment);

}  // namespace beta::cli
