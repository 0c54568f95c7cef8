// Diff: what becomes possible and what becomes impossible from one set of policies to another.
#pragma once

#include "beta/model/known_by.hpp"
#include "beta/proof/call.hpp"
#include "beta/proof/policies.hpp"
#include "beta/proof/prove.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace beta::proof {

/// Some names, and whether all that nothing names belong to them as well.
struct Group {
    std::vector<std::string> names;
    bool and_others = false;
};

/// Callers and callees for which there is one and the same difference.
struct Change {
    Call call;  // a shortest example, between the first of them
    Group from_planes, from_services;
    Group to_planes, to_names;  // planes are empty for hosts outside
    Group methods;
    std::vector<SideAnswer> before;
    std::vector<SideAnswer> after;
};

struct Difference {
    std::vector<Change> possible;    // passes now, did not before
    std::vector<Change> impossible;  // the other way round
    bool complete = true;            // false: too many cases, there may be more
};

/// Computed on what the policies mean: renaming, reordering or splitting rules is no difference.
/// Nothing passes on a plane whose file one side lacks; planes of which neither has a file are
/// taken to pass everything. Limits and reports are not compared.
Difference diff(const Policies& before, const Policies& after, const Names& names,
                model::KnownBy known_by = model::KnownBy::certificate);

std::string to_text(const Difference& difference);
std::string to_json(const Difference& difference);

}  // namespace beta::proof
