// A naive reading of invariants, beside naive.hpp, and random ones.
#pragma once

#include "naive_yaml.hpp"
#include "random_sets.hpp"

#include <optional>

namespace beta::proof::test {

struct NaiveRegion {
    NaiveSide from, to;  // empty: anybody; external "*": every host outside
    NaiveOperation does;
    std::vector<std::pair<std::string, Words>> headers;
    std::optional<bool> tunnel;
};

struct NaiveInvariant {
    std::string kind;
    NaiveRegion what;
    std::vector<NaiveRegion> except;
    Asked asked = Asked::both;
};

inline bool is_written(const NaiveSide& side) {
    return !side.plane.empty() || !side.services.empty() || !side.external.empty();
}

inline bool side_fits(const NaiveSide& side, const std::string& plane, const std::string& name) {
    if (!is_written(side))
        return true;
    if (!side.external.empty())
        return plane.empty() && (side.external.front() == "*" || holds(side.external, name));
    return !plane.empty() && (side.plane.empty() || side.plane == "*" || side.plane == plane) &&
           (side.services.empty() || holds(side.services, name));
}

/// Read widely, one fitting value of a header is enough; read narrowly, all must fit.
inline bool region_fits(const NaiveRegion& region, const NaiveCall& call, bool wide) {
    NaiveRule rule;
    rule.allows = !wide;
    return side_fits(region.from, call.from_plane, call.from_service) &&
           side_fits(region.to, call.to_plane, call.to_name) && does(region.does, call) &&
           region.tunnel.value_or(call.tunnel) == call.tunnel &&
           std::ranges::all_of(region.headers, [&](const auto& header) {
               return header_fits(rule, header.first, header.second, call);
           });
}

/// Whether the invariant says anything of the call.
inline bool speaks_of(const NaiveInvariant& invariant, const NaiveCall& call) {
    const bool always = invariant.kind == "always";
    if (always && !invariant.what.tunnel && call.tunnel)
        return false;
    NaiveRegion what = invariant.what;
    if (invariant.kind == "only") {
        what.from = {};
        if (side_fits(invariant.what.from, call.from_plane, call.from_service))
            return false;
    }
    return region_fits(what, call, !always) &&
           std::ranges::none_of(invariant.except, [&](const NaiveRegion& region) {
               return region_fits(region, call, false);
           });
}

inline std::string yaml(const NaiveRegion& region, const std::vector<NaiveRegion>& except = {}) {
    Members members;
    add(members, "from", region.from);
    if (holds(region.to.external, "*"))
        members.add("to", "{external: \"*\"}");
    else
        add(members, "to", region.to);
    add(members, {region.does});
    Members headers;
    for (const auto& [name, values] : region.headers)
        headers.add(name, values);
    if (!headers.empty())
        members.add("headers", headers.str());
    if (region.tunnel)
        members.add("tunnel", *region.tunnel ? "true" : "false");
    std::string list;
    for (const NaiveRegion& one : except)
        list += (list.empty() ? "" : ", ") + yaml(one);
    if (!except.empty())
        members.add("except", '[' + list + ']');
    return members.str();
}

inline std::string yaml(const std::vector<NaiveInvariant>& list, Knows knows) {
    std::string out = "apiVersion: beta.invariants/v1\n";
    out += knows == Knows::plane ? "identity: listener\n" : "";
    out += "invariants:\n";
    for (std::size_t i = 0; i < list.size(); ++i) {
        Members members;
        members.add("name", "i" + std::to_string(i));
        members.add(list[i].kind, yaml(list[i].what, list[i].except));
        if (list[i].asked != Asked::both)
            members.add("at", list[i].asked == Asked::caller ? "egress" : "ingress");
        out += "  - " + members.str() + '\n';
    }
    return out;
}

inline NaiveSide random_party(Dice& dice, std::size_t written, bool may_be_outside) {
    NaiveSide side;
    if (!dice.one_in(written))
        return side;
    if (may_be_outside && dice.one_in(4))
        return {
            .plane = {}, .services = {}, .external = dice.one_in(2) || !whole ? Words{"*"} : hosts};
    if (!dice.one_in(5))
        side.plane = dice.one_in(5) ? "*" : dice.pick(planes);
    if (side.plane.empty() || dice.one_in(2))
        side.services = dice.some(services, 1, 2);
    return side;
}

inline NaiveRegion random_region(Dice& dice) {
    NaiveRegion region{.from = random_party(dice, 2, false),
                       .to = random_party(dice, 2, true),
                       .does = {},
                       .headers = {},
                       .tunnel = {}};
    if (dice.one_in(2))
        region.does = random_action(dice);
    if (dice.one_in(dice.header_odds))
        region.headers = random_headers(dice, false);
    if (dice.one_in(8))
        region.tunnel = dice.one_in(2);
    return region;
}

inline NaiveInvariant random_invariant(Dice& dice) {
    NaiveInvariant out;
    out.kind = dice.pick({"never", "never", "only", "always"});
    out.what = random_region(dice);
    if (out.kind == "only")
        out.what.from = random_party(dice, 1, false);
    if (out.kind == "always")  // or none would ever hold
        out.what.from = random_party(dice, 1, false), out.what.to = random_party(dice, 1, true);
    for (std::size_t i = dice.below(3); i > 0; --i) {
        out.except.push_back(random_region(dice));
        if (yaml(out.except.back()) == "{}")
            out.except.pop_back();
    }
    out.asked = dice.one_in(2) ? Asked::both : dice.one_in(2) ? Asked::caller : Asked::callee;
    return out;
}

}  // namespace beta::proof::test
