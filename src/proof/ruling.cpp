#include "ruling.hpp"

#include <algorithm>

namespace beta::proof {

using acl::Direction;

const acl::Policy* of_plane(const Policies& policies, std::string_view plane) noexcept {
    const auto found = std::ranges::find_if(
        policies, [&](const auto& policy) { return policy->plane() == plane; });
    return found == policies.end() ? nullptr : found->get();
}

Ruling::Ruling(const Policies& policies, model::KnownBy known_by, At at, const Unknown& unknown,
               std::vector<Box>& boxes)
    : first_(static_cast<std::uint32_t>(boxes.size())),
      asks_egress_(at != At::ingress),
      asks_ingress_(at != At::egress) {
    for (const Direction side : {Direction::egress, Direction::ingress}) {
        if (side == Direction::egress ? !asks_egress_ : !asks_ingress_)
            continue;
        for (const auto& policy : policies) {
            const acl::PolicyFile& file = policy->file();
            for (const acl::Rule& rule : file.rules)
                add(file, rule, side, known_by, boxes);
            if (file.mode == acl::Mode::report) {  // a default-deny passes as well
                Box every;
                (side == Direction::egress ? every.from : every.to).planes =
                    LabelSet::only({file.plane});
                add(std::move(every), side, Effect::lets_through, boxes);
            }
        }
        assume(policies, unknown, side, boxes);
    }
}

void Ruling::add(const acl::PolicyFile& file, const acl::Rule& rule, Direction side,
                 model::KnownBy known_by, std::vector<Box>& boxes) {
    const bool denies = rule.verdict == acl::Verdict::deny;
    if (rule.mode == acl::Mode::report || (denies && file.mode == acl::Mode::report))
        return;  // it changes nothing for a request
    Box box = box_of(file, rule, side);
    if (side == Direction::ingress && known_by == model::KnownBy::listener)
        box = seen_by_plane(std::move(box), rule.verdict);
    if (box.from.planes.empty() || box.to.planes.empty() || box.from.names.empty())
        return;
    add(std::move(box), side, denies ? Effect::blocks : Effect::lets_through, boxes);
}

void Ruling::add(Box box, Direction side, Effect effect, std::vector<Box>& boxes) {
    boxes.push_back(std::move(box));
    items_.push_back({.side = side, .effect = effect});
}

/// Planes without a file; and hosts outside, whose side nobody asks.
void Ruling::assume(const Policies& policies, const Unknown& unknown, Direction side,
                    std::vector<Box>& boxes) {
    auto decided = unknown.closed;
    for (const auto& policy : policies)
        decided.emplace_back(policy->plane());
    Box box;
    Place& place = side == Direction::egress ? box.from : box.to;
    place.planes =
        unknown.passes ? LabelSet::all_but(std::move(decided)) : LabelSet::only({outside});
    add(std::move(box), side, Effect::lets_through, boxes);
}

const Ruling::Item* Ruling::item(std::uint32_t box) const noexcept {
    return box < first_ || box - first_ >= items_.size() ? nullptr : &items_[box - first_];
}

bool Ruling::passes(Boxes boxes) const {
    const bool blocked = std::ranges::any_of(boxes, [&](std::uint32_t box) {
        const Item* const found = item(box);
        return found != nullptr && found->effect == Effect::blocks;
    });
    return !blocked && may_pass(boxes);
}

bool Ruling::may_pass(Boxes boxes) const {
    bool egress = !asks_egress_;
    bool ingress = !asks_ingress_;
    for (const std::uint32_t box : boxes) {
        const Item* const found = item(box);
        if (found == nullptr || found->effect == Effect::blocks)
            continue;
        (found->side == Direction::egress ? egress : ingress) = true;
    }
    return egress && ingress;
}

}  // namespace beta::proof
