// Status tree: a Status under the names of /api/status (docs/status.md), in bounds and in words.
#pragma once

#include "beta/admin/status.hpp"

#include "tree.hpp"

#include <optional>
#include <string_view>

namespace beta::admin {

Tree tree_of(const Status& status, const StatusLimits& limits = {});

/// What one plane may ask of another: "allow", "limited", "deny", and "off" where nothing listens.
std::string_view word(const std::optional<acl::Reach>& reach) noexcept;

}  // namespace beta::admin
