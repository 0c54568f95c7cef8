// Vocabulary: the names that policies and directory use, so that a misspelt one is noticed.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/proof/box.hpp"
#include "beta/proof/policies.hpp"

#include <expected>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

struct Vocabulary {
    Vocabulary(const Policies& policies, const Names& names);

    /// "payouts.create", or "wallet/payouts.create" where several files define it differently.
    /// What is wrong with the name otherwise.
    std::expected<Action, std::string> operation(std::string_view name) const;

    std::set<std::string, std::less<>> planes;
    std::set<std::string, std::less<>> services;
    std::set<std::string, std::less<>> external;

  private:
    struct Defined {
        std::string plane;
        const acl::Operation* operation;
    };
    void note(const acl::Party& party);

    std::map<std::string, std::vector<Defined>, std::less<>> operations_;
};

/// "; did you mean ...?" or nothing.
std::string did_you_mean(std::string_view word, const std::set<std::string, std::less<>>& known);

}  // namespace beta::proof
