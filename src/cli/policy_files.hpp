// PolicyFiles: the policies of several planes, for the commands that ask all of them.
#pragma once

#include "beta/casebook/casebook.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/proof/policies.hpp"

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace beta::cli {

/// Every policy of these folders and files, in the order of their names; `*_test.yaml` and
/// `invariants.yaml` of a folder are none. Two files of one plane are a problem.
proof::Policies load_policies(const std::vector<std::string>& places, model::Diagnostics& problems);

struct Table {
    std::string file;
    std::expected<casebook::Casebook, model::Diagnostics> book;
};

/// The table beside a policy, acl/wallet_test.yaml of acl/wallet.yaml, where there is one.
std::optional<Table> table_beside(const acl::Policy& policy);

/// The names of the directory in this file; none, and not known, when `file` is empty.
proof::Names load_names(const std::string& file, model::Diagnostics& problems);

}  // namespace beta::cli
