// Lint: rules that load, and do not do what their author may think.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/model/known_by.hpp"
#include "beta/proof/policies.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace beta::proof {

/// The rules of each file that a table of tests has met, by plane. A plane without a table is
/// absent.
using Covered = std::map<std::string, std::set<std::uint32_t>, std::less<>>;

/// Warnings, in the order of files and lines. Whether a rule ever decides is found exactly, as a
/// proof is. Names are looked up in the directory when there is one, and rules in `covered`, when
/// it is not null.
///
/// LINT_SHADOWED       earlier rules of the same list decide all that it takes in
/// LINT_DENIED         an allow: denies take all of it
/// LINT_PROHIBITED     an allow, or an operation of one: prohibitions take all of it
/// LINT_UNREACHABLE    both together leave it nothing, or there is nobody whom it could meet
/// LINT_BROAD          an allow of every method and path between planes
/// LINT_UNKNOWN_NAME   the directory has no such service on that plane, or no such host
/// LINT_UNUSED         an operation that no rule and no prohibition names
/// LINT_UNTESTED       no case of the table beside the file is decided by this rule
/// LINT_UNDECIDED      too many cases to tell
model::Diagnostics lint(const Policies& policies, const Names& names,
                        const Covered* covered = nullptr,
                        model::KnownBy known_by = model::KnownBy::certificate);

/// One JSON array in one line.
std::string to_json(const model::Diagnostics& findings);

}  // namespace beta::proof
