// Proof: an invariant decided exactly over all policies, or a call that breaks it.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/proof/call.hpp"
#include "beta/proof/invariant.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

/// What one side says to a call, by acl::evaluate.
struct SideAnswer {
    acl::Direction side = acl::Direction::egress;
    std::string plane;
    std::string file;  // empty: no file of that plane was given, and `passes` is an assumption
    bool passes = true;
    acl::Verdict verdict = acl::Verdict::allow;  // deny and passes: mode report
    std::string rule;
    std::string reason;
    std::uint32_t line = 0;  // of the rule; 0 for default-deny
};

struct Proof {
    enum class Status : std::uint8_t {
        proved,
        broken,       // `call` breaks it
        empty,        // it speaks of no call at all, so it says nothing
        undecided,    // too large a question; nothing is known
        inconsistent  // the engine does not say of `call` what the proof does: a fault of ours
    };

    Status status = Status::undecided;
    At at = At::call;  // where it does not hold
    std::optional<Call> call;
    std::vector<SideAnswer> sides;
};

/// Holds for callees that know their callers in this way. A plane without a file is assumed to let
/// everything pass, of `always` nothing, so that PROVED leans on the given files and nothing else;
/// calls that none of them decides are not spoken of. A denial under `mode: report` protects
/// nobody.
Proof prove(const Invariant& invariant, const Policies& policies, const Names& names,
            model::KnownBy known_by = model::KnownBy::certificate);

/// The sides that have a say at `at`, asked with the engine that serves traffic.
std::vector<SideAnswer> ask(const Policies& policies, const Call& call, At at);

/// All proofs for a terminal or as one JSON object; proofs[i] is of invariants.list[i].
std::string to_text(const Invariants& invariants, const std::vector<Proof>& proofs);
std::string to_json(const Invariants& invariants, const std::vector<Proof>& proofs);

}  // namespace beta::proof
