#include "outranked.hpp"

#include "ruling.hpp"
#include "search.hpp"

#include <algorithm>
#include <utility>

namespace beta::proof {
namespace {

using acl::Direction;
using acl::Rule;
using acl::Verdict;

bool reported(const acl::PolicyFile& file, const Rule& rule) {
    return rule.mode == acl::Mode::report ||
           (file.mode == acl::Mode::report && rule.verdict == Verdict::deny);
}

/// Whether `other` decides where both match.
bool outranks(const acl::PolicyFile& file, const Rule& other, const Rule& rule) {
    const bool only_reports = reported(file, other);
    if (other.verdict != rule.verdict)
        return other.verdict == Verdict::deny && !only_reports;
    return only_reports == reported(file, rule) ? other.id < rule.id : !only_reports;
}

bool apart(const LabelSet& one, const LabelSet& two) {
    return (one & two).empty();
}

bool apart(const Box& one, const Box& two) {
    return apart(one.from.planes, two.from.planes) || apart(one.to.planes, two.to.planes) ||
           apart(one.from.names, two.from.names) || apart(one.to.names, two.to.names);
}

/// Box 0 is the rule; the others outrank it.
class Decided : public Judge {
  public:
    explicit Decided(const std::vector<const Rule*>& rules) : rules_(rules) {}

    bool hopeless(Boxes possible) override { return possible.empty() || possible.front() != 0; }

    Next look(Boxes boxes, const Call&, const Alike&) override {
        if (boxes.empty() || boxes.front() != 0)
            return Next::go_on;
        if (boxes.size() == 1) {
            found = true;
            return Next::stop;
        }
        instead.insert(rules_[boxes[1]]);
        return Next::go_on;
    }

    bool found = false;
    std::set<const Rule*> instead;

  private:
    const std::vector<const Rule*>& rules_;
};

class Ranking {
  public:
    Ranking(const acl::PolicyFile& file, const Rule& rule, Rivals rivals, const Names& names)
        : file_(file), names_(names) {
        for (const Rule& other : file.rules)
            if (other.id != rule.id && outranks(file, other, rule) &&
                (rivals == Rivals::all || other.verdict == Verdict::deny))
                rivals_.push_back(&other);
        // a deny is the better answer to "who decides instead", whatever comes first in the file
        std::ranges::sort(rivals_, {}, [](const Rule* one) {
            return std::pair(one->verdict == Verdict::allow, one->id);
        });
    }

    void look(const Rule& rule, Box box, Direction side, Identity identity, Rank& rank) {
        std::vector<Box> boxes{std::move(box)};
        std::vector<const Rule*> rules{&rule};
        for (const Rule* const rival : rivals_) {
            Box other = seen(*rival, box_of(file_, *rival, side), side, identity);
            if (apart(boxes.front(), other))
                continue;
            boxes.push_back(std::move(other));
            rules.push_back(rival);
        }
        Decided decided(rules);
        if (!Search(boxes, names_, decided).run())
            rank.known = false;
        rank.decides = rank.decides || decided.found;
        rank.instead.merge(decided.instead);
    }

    static Box seen(const Rule& rule, Box box, Direction side, Identity identity) {
        return side == Direction::ingress && identity == Identity::plane
                   ? seen_by_plane(std::move(box), rule.verdict)
                   : box;
    }

  private:
    const acl::PolicyFile& file_;
    const Names& names_;
    std::vector<const Rule*> rivals_;
};

}  // namespace

Rank rank_of(const acl::PolicyFile& file, const Rule& rule, Rivals rivals, const Names& names,
             const acl::Operation* operation) {
    Ranking ranking(file, rule, rivals, names);
    Rank rank;
    for (const Direction side : {Direction::egress, Direction::ingress}) {
        for (const Identity identity : {Identity::service, Identity::plane}) {
            if (side == Direction::egress && identity == Identity::plane)
                continue;  // the caller's own sidecar knows it
            Box box = Ranking::seen(rule, box_of(file, rule, side), side, identity);
            if (operation != nullptr)
                box.actions = {action_of(*operation)};
            ranking.look(rule, std::move(box), side, identity, rank);
            if (rank.decides)
                return rank;
        }
    }
    return rank;
}

}  // namespace beta::proof
