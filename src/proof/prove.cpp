#include "beta/proof/prove.hpp"

#include "ruling.hpp"
#include "search.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

using Kind = Invariant::Kind;
using Status = Proof::Status;

/// Box 0 is what the invariant speaks of, the next ones are its exceptions.
class Breach : public Judge {
  public:
    Breach(std::size_t exceptions, const Ruling* ruling, bool wants_pass)
        : exceptions_(exceptions), ruling_(ruling), wants_pass_(wants_pass) {}

    bool hopeless(Boxes possible) override {
        if (possible.empty() || possible.front() != 0)
            return true;
        return ruling_ != nullptr && wants_pass_ && !ruling_->may_pass(possible);
    }

    Next look(Boxes boxes, const Call& call, const Alike&) override {
        const bool spoken_of =
            !boxes.empty() && boxes.front() == 0 && (boxes.size() == 1 || boxes[1] > exceptions_);
        if (!spoken_of || (ruling_ != nullptr && ruling_->passes(boxes) != wants_pass_))
            return Next::go_on;
        found = call;
        return Next::stop;
    }

    std::optional<Call> found;

  private:
    std::size_t exceptions_;
    const Ruling* ruling_;  // nullptr: any call is looked for
    bool wants_pass_;
};

/// The calls that no given file decides: nothing can be said of them.
Box undecided(const Policies& policies, At at) {
    std::vector<std::string> planes;
    for (const auto& policy : policies)
        planes.emplace_back(policy->plane());
    Box box;
    if (at != At::ingress)
        box.from.planes = LabelSet::all_but(planes);
    if (at != At::egress)
        box.to.planes = LabelSet::all_but(planes);
    return box;
}

std::vector<Box> boxes_of(const Invariant& invariant, const Policies& policies, At at) {
    std::vector<Box> boxes{invariant.what};
    boxes.insert(boxes.end(), invariant.except.begin(), invariant.except.end());
    boxes.push_back(undecided(policies, at));
    return boxes;
}

/// Whether it speaks of any call, whatever the policies say.
Status speaks(const std::vector<Box>& boxes, const Names& names) {
    Breach any(boxes.size() - 1, nullptr, true);
    if (!Search(boxes, names, any).run())
        return Status::undecided;
    return any.found ? Status::proved : Status::empty;
}

Proof prove_at(const Invariant& invariant, const Policies& policies, const Names& names, At at,
               model::KnownBy known_by) {
    auto boxes = boxes_of(invariant, policies, at);
    const std::size_t exceptions = boxes.size() - 1;
    const bool wants_pass = invariant.kind != Kind::always;
    const Ruling ruling(policies, known_by, at, {.passes = wants_pass}, boxes);
    Breach breach(exceptions, &ruling, wants_pass);
    Proof proof;
    proof.at = at;
    if (!Search(boxes, names, breach).run())
        return proof;
    proof.status = breach.found ? Status::broken : Status::proved;
    if (!breach.found)
        return proof;
    proof.call = breach.found;
    proof.call->callee_knows_service = known_by == model::KnownBy::certificate;
    proof.sides = ask(policies, *proof.call, at);
    for (SideAnswer& side : proof.sides)
        side.passes = side.file.empty() ? wants_pass : side.passes;
    const bool passes = std::ranges::all_of(proof.sides, &SideAnswer::passes);
    if (passes != wants_pass)
        proof.status = Status::inconsistent;
    return proof;
}

acl::HeaderLines lines_of(const Call& call) {
    return {.fields = &call.headers,
            .count = call.headers.size(),
            .at = [](const void* fields, std::size_t index) noexcept -> acl::HeaderLines::Line {
                const auto& list = *static_cast<const decltype(Call::headers)*>(fields);
                return {.name = list[index].first, .value = list[index].second};
            }};
}

SideAnswer answer(const Policies& policies, const Call& call, acl::Direction side) {
    SideAnswer out;
    out.side = side;
    out.plane = side == acl::Direction::egress ? call.from_plane : call.to_plane;
    const acl::Policy* const policy = of_plane(policies, out.plane);
    if (policy == nullptr)
        return out;
    acl::Request request{
        .direction = side,
        .from = {.plane = call.from_plane, .service = call.from_service},
        .to = {.plane = call.to_plane, .name = call.to_name, .external = call.external()},
        .method = call.method,
        .path = call.path,
        .headers = lines_of(call),
        .tunnel = call.tunnel};
    if (side == acl::Direction::ingress && !call.callee_knows_service)
        request.from.service = {};
    const acl::Decision made = acl::evaluate(*policy, request);
    out.file = policy->file().file_name;
    out.passes = made.allowed();
    out.verdict = made.verdict;
    out.rule = made.rule;
    out.reason = made.reason;
    out.line = made.rule_id == 0 ? 0 : policy->file().rule(made.rule_id).line;
    return out;
}

}  // namespace

std::vector<SideAnswer> ask(const Policies& policies, const Call& call, At at) {
    std::vector<SideAnswer> sides;
    if (at != At::ingress)
        sides.push_back(answer(policies, call, acl::Direction::egress));
    if (at != At::egress && !call.external())
        sides.push_back(answer(policies, call, acl::Direction::ingress));
    return sides;
}

Proof prove(const Invariant& invariant, const Policies& policies, const Names& names,
            model::KnownBy known_by) {
    Proof proof;
    for (const At at : invariant.at) {
        proof.at = at;
        proof.status = speaks(boxes_of(invariant, policies, at), names);
        if (proof.status == Status::proved)
            proof = prove_at(invariant, policies, names, at, known_by);
        if (proof.status != Status::proved)
            return proof;
    }
    return proof;
}

}  // namespace beta::proof
