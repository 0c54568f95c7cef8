// Outranked: whether a rule ever decides anything, given the rules that come before it.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/proof/policies.hpp"

#include <set>
#include <vector>

namespace beta::proof {

struct Rank {
    bool decides = false;
    bool known = true;                   // false: too many cases to tell
    std::set<const acl::Rule*> instead;  // those that decide, where it never does
};

/// Which rules of its file are asked before this one.
enum class Rivals : std::uint8_t {
    all,     // enforced denies before allows, each in the order of the file
    denies,  // enforced denies alone
};

/// Whether there is a call that the rule decides, at egress or at ingress; of an operation of the
/// rule alone, when `operation` is given.
Rank rank_of(const acl::PolicyFile& file, const acl::Rule& rule, Rivals rivals, const Names& names,
             const acl::Operation* operation = nullptr);

}  // namespace beta::proof
