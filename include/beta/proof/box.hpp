// Box: a rule, or a part of an invariant, as a product of sets: who, whom, what. The search knows
// nothing else of the language.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/proof/label_set.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace beta::proof {

/// Names within planes. The plane "" is outside: its names are the external hosts.
struct Place {
    LabelSet planes;
    LabelSet names;
};

/// Methods and paths that belong together: an operation, or what a rule says in place.
struct Action {
    LabelSet methods;
    bool every_path = true;
    std::vector<acl::PathPattern> paths;  // any of them, unless every_path
};

struct HeaderTest {
    std::string name;  // lower case
    LabelSet values;
    /// True: the request has the header, and each of its values is one of these. False: one is.
    bool each = true;
};

enum class Form : std::uint8_t { plain, tunnel, either };

struct Box {
    Place from;
    Place to;
    Form form = Form::either;
    std::vector<Action> actions{Action{}};  // any of them
    std::vector<HeaderTest> headers;        // all of them

    /// Of two boxes with the same parties: whether the plain or tunnelled request is one of these.
    bool takes(bool tunnel) const noexcept {
        return form == Form::either || (form == Form::tunnel) == tunnel;
    }
};

inline const std::string outside;  // the plane of external hosts

Action action_of(const acl::Operation& operation);
/// What the rule takes in where its file decides in this direction.
Box box_of(const acl::PolicyFile& file, const acl::Rule& rule, acl::Direction direction);
/// The same where the callee knows the caller's plane alone: an allow that names services takes in
/// nobody, a deny that does the whole plane.
Box seen_by_plane(Box box, acl::Verdict verdict);

}  // namespace beta::proof
