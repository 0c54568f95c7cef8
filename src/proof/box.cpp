#include "beta/proof/box.hpp"

namespace beta::proof {
namespace {

Place place_of(const acl::Party& party) {
    Place place;
    place.planes = party.any_plane ? LabelSet::all_but({outside}) : LabelSet::only({party.plane});
    if (!party.services.empty())
        place.names = LabelSet::only(party.services);
    if (!party.external.empty())
        place = {.planes = LabelSet::only({outside}), .names = LabelSet::only(party.external)};
    return place;
}

Action the_action(const std::vector<std::string>& methods,
                  const std::vector<acl::PathPattern>& paths) {
    Action action;
    if (!methods.empty())
        action.methods = LabelSet::only(methods);
    action.every_path = paths.empty();
    action.paths = paths;
    return action;
}

std::vector<Action> actions_of(const acl::PolicyFile& file, const acl::Rule& rule) {
    std::vector<Action> actions;
    actions.reserve(rule.operations.size() + 1);
    for (const std::size_t index : rule.operations)
        actions.push_back(action_of(file.operations.at(index)));
    if (rule.operations.empty())
        actions.push_back(the_action(rule.methods, rule.paths));
    return actions;
}

}  // namespace

Action action_of(const acl::Operation& operation) {
    return the_action(operation.methods, operation.paths);
}

Box box_of(const acl::PolicyFile& file, const acl::Rule& rule, acl::Direction direction) {
    const bool allows = rule.verdict == acl::Verdict::allow;
    Box box;
    box.from = place_of(rule.from);
    box.to = place_of(rule.to);
    if (!allows && rule.to.any_plane && rule.to.services.empty())
        box.to.planes = {};  // a deny of everything is about hosts outside as well
    Place& own = direction == acl::Direction::egress ? box.from : box.to;
    own.planes = own.planes & LabelSet::only({file.plane});
    box.form = !allows ? Form::either : rule.tunnel ? Form::tunnel : Form::plain;
    box.actions = actions_of(file, rule);
    for (const acl::HeaderCondition& condition : rule.headers)
        box.headers.push_back(
            {.name = condition.name, .values = LabelSet::only(condition.values), .each = allows});
    return box;
}

Box seen_by_plane(Box box, acl::Verdict verdict) {
    if (box.from.names.everything())
        return box;
    box.from.names = verdict == acl::Verdict::deny ? LabelSet{} : LabelSet::only({});
    return box;
}

}  // namespace beta::proof
