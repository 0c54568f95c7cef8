// Short ways to policies and invariants in the tests of this folder.
#pragma once

#include "beta/proof/invariant.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace beta::proof::test {

/// One file for each text; "0.yaml", "1.yaml".
inline Policies policies_of(const std::vector<std::string>& texts) {
    Policies out;
    for (const std::string& text : texts) {
        auto policy = acl::Policy::parse(text, std::to_string(out.size()) + ".yaml");
        if (!policy)
            FAIL(policy.error().front().str() << '\n' << text);
        out.push_back(*policy);
    }
    return out;
}

/// `text`: members of one invariant but its name, in flow style.
inline Invariant invariant_of(const std::string& text, const Policies& policies,
                              const Names& names = {}) {
    const auto loaded = load_invariants(
        "apiVersion: beta.invariants/v1\ninvariants:\n  - {name: it, " + text + "}\n", "i.yaml",
        policies, names);
    if (!loaded)
        FAIL(loaded.error().front().str() << '\n' << text);
    return loaded->list.front();
}

}  // namespace beta::proof::test
