// Outcome: which rules match a request, as far as the verdict needs to know.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

namespace beta::acl {

constexpr std::uint32_t no_rule = std::numeric_limits<std::uint32_t>::max();

/// The first rule of the file of each kind among those that match; apart are those in mode report,
/// which decide nothing.
struct Outcome {
    std::uint32_t deny = no_rule;
    std::uint32_t allow = no_rule;
    std::uint32_t reported_deny = no_rule;
    std::uint32_t reported_allow = no_rule;

    void take(const Outcome& other) noexcept {
        deny = std::min(deny, other.deny);
        allow = std::min(allow, other.allow);
        reported_deny = std::min(reported_deny, other.reported_deny);
        reported_allow = std::min(reported_allow, other.reported_allow);
    }
};

}  // namespace beta::acl
