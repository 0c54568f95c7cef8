#include "beta/acl/reach.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

bool names(const Party& party, std::string_view service) {
    return party.services.empty() ||
           std::ranges::find(party.services, service) != party.services.end();
}

/// All of a plane, or of what is outside, is meant where the question names none of it.
bool about(const std::vector<std::string>& listed, std::string_view peer) {
    return peer.empty() || listed.empty() || std::ranges::find(listed, peer) != listed.end();
}

/// A host outside is of no plane: only a deny of everything is about it too.
bool reaches_outside(const Rule& rule) {
    if (!rule.to.external.empty())
        return true;
    return rule.verdict == Verdict::deny && rule.to.any_plane && rule.to.services.empty();
}

bool concerns(const PolicyFile& file, const Rule& rule, const Neighbour& of) {
    if (of.direction == Direction::egress) {
        if (!rule.from.has_plane(file.plane) || !names(rule.from, of.service))
            return false;
        return of.plane.empty() ? reaches_outside(rule) && about(rule.to.external, of.peer)
                                : rule.to.external.empty() && rule.to.has_plane(of.plane) &&
                                      about(rule.to.services, of.peer);
    }
    const bool by_nobody = of.known_by == model::KnownBy::listener &&
                           rule.verdict == Verdict::allow && !rule.from.services.empty();
    const bool about_peer =
        of.known_by == model::KnownBy::listener || about(rule.from.services, of.peer);
    return !by_nobody && about_peer && rule.from.has_plane(of.plane) && rule.to.external.empty() &&
           rule.to.has_plane(file.plane) && names(rule.to, of.service);
}

/// Of every request between the two.
bool is_whole(const Rule& rule, const Neighbour& of) {
    const bool egress = of.direction == Direction::egress;
    const bool every_name =
        !of.peer.empty() ||
        (egress ? rule.to.services.empty() && rule.to.external.empty()
                : rule.from.services.empty() || of.known_by == model::KnownBy::listener);
    return every_name && rule.methods.empty() && rule.paths.empty() && rule.operations.empty() &&
           rule.headers.empty() && !rule.limit && !rule.tunnel;
}

}  // namespace

std::string_view word(Opening opening) noexcept {
    switch (opening) {
        case Opening::open:
            return "allow";
        case Opening::limited:
            return "limited";
        case Opening::closed:
            break;
    }
    return "deny";
}

Reach reach(const PolicyFile& file, const Neighbour& of) {
    if (file.mode == Mode::report)
        return {.opening = Opening::open, .rules = {}};
    Reach found;
    bool whole = false;
    bool cut = false;  // by a deny or a limit
    for (const Rule& rule : file.rules) {
        if (rule.mode == Mode::report || !concerns(file, rule, of))
            continue;
        if (rule.verdict == Verdict::allow) {
            found.rules.push_back(rule.name);
            whole = whole || is_whole(rule, of);
            cut = cut || rule.limit;
        } else if (is_whole(rule, of)) {
            return {.opening = Opening::closed, .rules = {rule.name}};
        } else {
            cut = true;
        }
    }
    if (!found.rules.empty())
        found.opening = whole && !cut ? Opening::open : Opening::limited;
    return found;
}

}  // namespace beta::acl
