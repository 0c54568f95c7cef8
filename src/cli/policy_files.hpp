// PolicyFiles: the policies of several planes, for the commands that ask all of them.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/proof/policies.hpp"

#include <string>
#include <vector>

namespace beta::cli {

/// Every policy of these folders and files, in the order of their names; `*_test.yaml` and
/// `invariants.yaml` of a folder are none. Two files of one plane are a problem.
proof::Policies load_policies(const std::vector<std::string>& places, model::Diagnostics& problems);

/// The names of the directory in this file; none, and not known, when `file` is empty.
proof::Names load_names(const std::string& file, model::Diagnostics& problems);

}  // namespace beta::cli
