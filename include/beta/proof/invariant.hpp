// Invariant: what must hold of all policies together, as a person writes it in
// acl/invariants.yaml.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/model/known_by.hpp"
#include "beta/proof/box.hpp"
#include "beta/proof/policies.hpp"

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

struct Invariant {
    enum class Kind : std::uint8_t {
        never,   // nothing of `what` passes
        only,    // of `what`, nothing passes that is not from `except`
        always,  // all of `what` passes
    };

    std::string name;
    Kind kind = Kind::never;
    Box what;
    std::vector<Box> except;       // is not spoken of
    std::vector<At> at{At::call};  // has to hold at each of these
    std::string reason;
    std::uint32_t line = 0;
};

struct Invariants {
    std::string file_name;
    model::KnownBy known_by = model::KnownBy::certificate;  // what it all has to hold for
    std::vector<Invariant> list;
};

std::string_view word(Invariant::Kind kind) noexcept;

/// Reads one file of invariants (acl/README.md). Operations are those of the policies. Names that
/// neither a policy nor the directory knows are refused: what is misspelt would always hold. Every
/// error at once; codes start with INVARIANT_ or YAML_.
std::expected<Invariants, model::Diagnostics> load_invariants(std::string_view yaml,
                                                              const std::string& file_name,
                                                              const Policies& policies,
                                                              const Names& names);

}  // namespace beta::proof
