#include "beta/proof/diff.hpp"

#include "ruling.hpp"
#include "search.hpp"
#include "vocabulary.hpp"

#include <algorithm>
#include <functional>

namespace beta::proof {
namespace {

constexpr std::size_t most_changes = 5'000;  // pairs of caller and callee, for one reader

/// Calls that pass by one ruling and not by the other: one example for each pair and method.
class Gained : public Judge {
  public:
    using Found = std::function<bool(const Call&, const Alike&)>;  // false: enough

    Gained(const Ruling& with, const Ruling& without, Found found)
        : with_(with), without_(without), found_(std::move(found)) {}

    bool hopeless(Boxes possible) override { return !with_.may_pass(possible); }

    Next look(Boxes boxes, const Call& call, const Alike& alike) override {
        if (!with_.passes(boxes) || without_.passes(boxes))
            return Next::go_on;
        return found_(call, alike) ? Next::next_action : Next::stop;
    }

  private:
    const Ruling& with_;
    const Ruling& without_;
    Found found_;
};

bool same_pair(const Call& one, const Call& two) {
    return one.from_plane == two.from_plane && one.from_service == two.from_service &&
           one.to_plane == two.to_plane && one.to_name == two.to_name && one.tunnel == two.tunnel;
}

class Differ {
  public:
    Differ(const Policies& before, const Policies& after, const Names& names,
           model::KnownBy known_by)
        : before_(before),
          after_(after),
          names_(names),
          known_by_(known_by),
          known_before_(before, names),
          known_after_(after, names) {
        for (const Policies* const policies : {&before, &after})
            for (const auto& policy : *policies)
                closed_.emplace_back(policy->plane());
    }

    Difference run() {
        Difference out;
        std::vector<Box> boxes;
        const Ruling before(before_, known_by_, At::call, {.closed = closed_}, boxes);
        const Ruling after(after_, known_by_, At::call, {.closed = closed_}, boxes);
        search(boxes, after, before, out.possible, out.complete);
        search(boxes, before, after, out.impossible, out.complete);
        return out;
    }

  private:
    void search(const std::vector<Box>& boxes, const Ruling& with, const Ruling& without,
                std::vector<Change>& changes, bool& complete) {
        Gained gained(with, without, [&](const Call& found, const Alike& alike) {
            if (changes.size() >= most_changes)
                return complete = false;
            Call call = found;
            call.callee_knows_service = known_by_ == model::KnownBy::certificate;
            note(std::move(call), alike, changes);
            return true;
        });
        if (!Search(boxes, names_, gained).run())
            complete = false;
    }

    /// Further methods of a pair join its first.
    void note(Call call, const Alike& alike, std::vector<Change>& changes) const {
        const auto same = std::ranges::find_if(
            changes, [&](const Change& one) { return same_pair(one.call, call); });
        if (same == changes.end())
            return changes.push_back(change(std::move(call), alike));
        Group methods = methods_of(alike);
        same->methods.and_others = same->methods.and_others || methods.and_others;
        auto& known = same->methods.names;
        for (std::string& method : methods.names)
            if (std::ranges::find(known, method) == known.end())
                known.push_back(std::move(method));
    }

    Change change(Call call, const Alike& alike) const {
        const auto is_service = [&](const auto& name) {
            return names(&Vocabulary::services, name);
        };
        const auto is_plane = [&](const auto& name) { return names(&Vocabulary::planes, name); };
        const auto is_host = [&](const auto& name) { return names(&Vocabulary::external, name); };
        Change out;
        out.from_planes = group(alike.from_planes, is_plane);
        out.from_services = group(alike.from_services, is_service);
        if (call.external()) {
            out.to_names = group(alike.to_names, is_host);
        } else {
            out.to_planes = group(alike.to_planes, is_plane);
            out.to_names = group(alike.to_names, is_service);
        }
        out.methods = methods_of(alike);
        out.before = answers(before_, call);
        out.after = answers(after_, call);
        out.call = std::move(call);
        return out;
    }

    template <class Known>
    static Group group(const std::vector<std::string>& words, Known known) {
        Group out;
        for (const std::string& word : words) {
            if (known(word))
                out.names.push_back(word);
            else
                out.and_others = true;
        }
        return out;
    }

    static Group methods_of(const Alike& alike) {
        return group(alike.methods,
                     [](const std::string& word) { return !word.starts_with("OTHER"); });
    }

    bool names(std::set<std::string, std::less<>> Vocabulary::* words,
               const std::string& word) const {
        return (known_before_.*words).contains(word) || (known_after_.*words).contains(word);
    }

    std::vector<SideAnswer> answers(const Policies& policies, const Call& call) const {
        auto sides = ask(policies, call, At::call);
        for (SideAnswer& side : sides)
            if (side.file.empty())
                side.passes = std::ranges::find(closed_, side.plane) == closed_.end();
        return sides;
    }

    const Policies& before_;
    const Policies& after_;
    const Names& names_;
    model::KnownBy known_by_;
    Vocabulary known_before_;
    Vocabulary known_after_;
    std::vector<std::string> closed_;
};

}  // namespace

Difference diff(const Policies& before, const Policies& after, const Names& names,
                model::KnownBy known_by) {
    return Differ(before, after, names, known_by).run();
}

}  // namespace beta::proof
