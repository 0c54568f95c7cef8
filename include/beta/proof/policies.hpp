// Policies: the files of several planes together, at most one of each.
#pragma once

#include "beta/acl/policy.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

using Policies = std::vector<std::shared_ptr<const acl::Policy>>;

/// nullptr when no file is of this plane.
const acl::Policy* of_plane(const Policies& policies, std::string_view plane) noexcept;

/// Whose word counts: a call passes when both sides let it. `egress` and `ingress` ask one side
/// alone, as if the other let everything through.
enum class At : std::uint8_t { call, egress, ingress };

/// Which names exist. Without a directory every name may: what is proved then holds for all.
struct Names {
    std::map<std::string, std::string, std::less<>> services;  // name -> plane
    std::vector<std::string> external;
    bool known = false;  // a callee is one of these, and a service is on its own plane alone
};

}  // namespace beta::proof
