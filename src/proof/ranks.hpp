// Ranks: whether a rule ever decides anything, given the rules of its file that are asked first.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/model/known_by.hpp"
#include "beta/proof/policies.hpp"

#include <set>
#include <vector>

namespace beta::proof {

struct Rank {
    bool decides = false;
    bool known = true;                   // false: too many cases to tell
    std::set<const acl::Rule*> instead;  // those that decide, where it never does
};

class Ranks {
  public:
    Ranks(const acl::PolicyFile& file, const Names& names, model::KnownBy known_by);
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    /// Whether there is a call, at egress or at ingress, that the rule decides: enforced denies are
    /// asked before allows, and each in the order of the file.
    Rank of(const acl::Rule& rule) const;
    /// Whether the allow lets anything through that one of its operations means, as far as denies
    /// are concerned.
    Rank of(const acl::Rule& rule, const acl::Operation& operation) const;

  private:
    class View;
    template <class Outranks>
    Rank look(const acl::Rule& rule, const acl::Operation* operation, Outranks outranks) const;

    const acl::PolicyFile& file_;
    const Names& names_;
    std::vector<View> views_;
};

}  // namespace beta::proof
