#include "ranks.hpp"

#include "search.hpp"

#include <algorithm>
#include <iterator>
#include <map>

namespace beta::proof {
namespace {

using acl::Direction;
using acl::Rule;
using acl::Verdict;
using Numbers = std::vector<std::uint32_t>;

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

/// Boxes by the names of one side, so that a rule is not held against every other one.
class NameIndex {
  public:
    void add(std::uint32_t number, const LabelSet& names) {
        if (names.endless())
            endless_.push_back(number);
        else
            for (const std::string& name : names.words())
                naming_[name].push_back(number);
    }

    /// Those that may share a name with the set, and maybe others; all when it is endless.
    bool narrow(const LabelSet& names, Numbers& out) const {
        if (names.endless())
            return false;
        out = endless_;
        for (const std::string& name : names.words())
            if (const auto found = naming_.find(name); found != naming_.end())
                out.insert(out.end(), found->second.begin(), found->second.end());
        std::ranges::sort(out);
        const auto rest = std::ranges::unique(out);
        out.erase(rest.begin(), rest.end());
        return true;
    }

  private:
    Numbers endless_;
    std::map<std::string, Numbers, std::less<>> naming_;
};

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
        // a deny is the better answer to "who decides instead", whatever comes first in the file
        const auto denies = [&](std::uint32_t box) {
            return rules_[box]->verdict == Verdict::deny;
        };
        const auto deny = std::ranges::find_if(boxes.subspan(1), denies);
        instead.insert(rules_[deny == boxes.end() ? boxes[1] : *deny]);
        return Next::go_on;
    }

    bool found = false;
    std::set<const Rule*> instead;

  private:
    const std::vector<const Rule*>& rules_;
};

}  // namespace

/// All rules of the file as one side sees them.
class Ranks::View {
  public:
    View(const acl::PolicyFile& file, Direction side, model::KnownBy known_by) {
        for (const Rule& rule : file.rules) {
            Box box = box_of(file, rule, side);
            if (side == Direction::ingress && known_by == model::KnownBy::listener)
                box = seen_by_plane(std::move(box), rule.verdict);
            const auto number = static_cast<std::uint32_t>(boxes_.size());
            callers_.add(number, box.from.names);
            callees_.add(number, box.to.names);
            boxes_.push_back(std::move(box));
        }
    }

    const Box& box(const Rule& rule) const { return boxes_[rule.id - 1]; }

    /// Numbers of rules that may meet the same calls, ascending.
    Numbers near(const Box& box) const {
        Numbers callers;
        Numbers callees;
        const bool by_caller = callers_.narrow(box.from.names, callers);
        const bool by_callee = callees_.narrow(box.to.names, callees);
        if (by_caller && (!by_callee || callers.size() < callees.size()))
            return callers;
        if (by_callee)
            return callees;
        Numbers all(boxes_.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = static_cast<std::uint32_t>(i);
        return all;
    }

    const Box& operator[](std::uint32_t number) const { return boxes_[number]; }

  private:
    std::vector<Box> boxes_;
    NameIndex callers_;
    NameIndex callees_;
};

Ranks::Ranks(const acl::PolicyFile& file, const Names& names, model::KnownBy known_by)
    : file_(file), names_(names) {
    views_.emplace_back(file, Direction::egress, known_by);
    views_.emplace_back(file, Direction::ingress, known_by);
}
Ranks::~Ranks() = default;

template <class Outranks>
Rank Ranks::look(const Rule& rule, const acl::Operation* operation, Outranks is_rival) const {
    Rank rank;
    for (const View& view : views_) {
        std::vector<Box> boxes{view.box(rule)};
        if (operation != nullptr)
            boxes.front().actions = {action_of(*operation)};
        std::vector<const Rule*> rules{&rule};
        for (const std::uint32_t number : view.near(boxes.front())) {
            const Rule& rival = file_.rules[number];
            if (rival.id == rule.id || !is_rival(rival) || apart(boxes.front(), view[number]))
                continue;
            boxes.push_back(view[number]);
            rules.push_back(&rival);
        }
        Decided decided(rules);
        if (!Search(boxes, names_, decided).run())
            rank.known = false;
        rank.decides = decided.found;
        rank.instead.merge(decided.instead);
        if (rank.decides)
            break;
    }
    return rank;
}

Rank Ranks::of(const Rule& rule) const {
    return look(rule, nullptr, [&](const Rule& other) { return outranks(file_, other, rule); });
}

Rank Ranks::of(const Rule& rule, const acl::Operation& operation) const {
    return look(rule, &operation, [&](const Rule& other) {
        return other.verdict == Verdict::deny && !reported(file_, other);
    });
}

}  // namespace beta::proof
