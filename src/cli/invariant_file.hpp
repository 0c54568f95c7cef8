// InvariantFile: the invariants over all policies, for the commands that prove them.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/proof/invariant.hpp"

#include <expected>
#include <string>
#include <vector>

namespace beta::cli {

/// `given`, or invariants.yaml of the first of the places where policies are.
std::string invariant_file(const std::string& given, const std::vector<std::string>& places);

std::expected<proof::Invariants, model::Diagnostics> read_invariants(
    const std::string& file, const proof::Policies& policies, const proof::Names& names);

}  // namespace beta::cli
