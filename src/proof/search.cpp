#include "search.hpp"

#include "fresh_name.hpp"
#include "path_search.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>

namespace beta::proof {
namespace {

using Next = Judge::Next;

/// Methods that people know first, so that an example reads well.
constexpr std::string_view known_methods[] = {"GET", "POST", "PUT", "DELETE"};

constexpr std::uint32_t end_of_actions = std::numeric_limits<std::uint32_t>::max();

/// What a level hands on of what came from below: its own kind of skipping ends with it.
Next beyond(Next next, Next own) {
    return next == own ? Next::go_on : next;
}

}  // namespace

bool Search::run() {
    Numbers all(boxes_.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = static_cast<std::uint32_t>(i);
    call_ = {};
    exhausted_ = false;
    if (worth(all))
        from_plane(all);
    return !exhausted_;
}

bool Search::spend(std::size_t steps) {
    if (steps_ <= steps)
        exhausted_ = true;
    else
        steps_ -= steps;
    return !exhausted_;
}

bool Search::worth(const Numbers& boxes) {
    return !judge_.hopeless(boxes);
}

class Search::Cases {
  public:
    explicit Cases(Apart apart) : apart_(apart) {}

    /// `key`: whatever tells two words apart.
    void add(const std::string& word, Numbers boxes, Numbers key) {
        const auto [same, is_new] = numbers_.try_emplace(std::move(key), cases_.size());
        if (is_new || apart_ == Apart::always)
            cases_.push_back({std::move(boxes), {word}});
        else
            cases_[same->second].words.push_back(word);
    }
    std::vector<Case> take() { return std::move(cases_); }

  private:
    Apart apart_;
    std::vector<Case> cases_;
    std::map<Numbers, std::size_t> numbers_;  // by key
};

/// Goes on with the first word of each case.
template <class Deeper>
Next Search::each_case(std::vector<Case> cases, Level level, Deeper deeper) {
    for (Case& one : cases) {
        if (exhausted_)
            return Next::stop;
        if (!worth(one.boxes))
            continue;
        call_.*level.chosen = one.words.front();
        alike_.*level.alike = std::move(one.words);
        if (const Next next = deeper(one.boxes); next != Next::go_on)
            return next;
    }
    return Next::go_on;
}

/// Most boxes of a large policy name a few words each: a word looks at those that name it, and at
/// the boxes without end.
template <class Deeper>
Next Search::each_place(const Numbers& boxes, const std::vector<std::string>& words, Level level,
                        Place Box::* side, LabelSet Place::* set, Deeper deeper) {
    std::map<std::string_view, Numbers> naming;
    Numbers endless;
    for (const std::uint32_t number : boxes) {
        const LabelSet& labels = boxes_[number].*side.*set;
        if (labels.endless())
            endless.push_back(number);
        else
            for (const std::string& word : labels.words())
                naming[word].push_back(number);
    }
    Cases cases(level.apart);
    for (const std::string& word : words) {
        Numbers taking;
        for (const std::uint32_t number : endless)
            if ((boxes_[number].*side.*set).has(word))
                taking.push_back(number);
        Numbers left;
        std::ranges::merge(taking, naming[word], std::back_inserter(left));
        if (!spend(1 + endless.size() + left.size()))
            return Next::stop;
        Numbers key = left;
        cases.add(word, std::move(left), std::move(key));
    }
    return each_case(cases.take(), level, deeper);
}

std::set<std::string> Search::named(const Numbers& boxes, Place Box::* side,
                                    LabelSet Place::* set) const {
    std::set<std::string> out;
    for (const std::uint32_t number : boxes) {
        const auto& some = (boxes_[number].*side.*set).words();
        out.insert(some.begin(), some.end());
    }
    return out;
}

std::string Search::fresh_service(const std::set<std::string>& named) const {
    return fresh_name("other-service", [&](const std::string& name) {
        return named.contains(name) || names_.services.contains(name);
    });
}

Search::Apart Search::planes_apart() const noexcept {
    return names_.services.empty() && !names_.known ? Apart::by_boxes : Apart::always;
}

Next Search::from_plane(const Numbers& boxes) {
    auto planes = named(boxes, &Box::from, &Place::planes);
    for (const auto& [service, plane] : names_.services)
        planes.insert(plane);
    planes.erase(outside);
    std::vector<std::string> words(planes.begin(), planes.end());
    words.push_back(
        fresh_name("other-plane", [&](const auto& name) { return planes.contains(name); }));
    return each_place(boxes, words, {&Call::from_plane, &Alike::from_planes, planes_apart()},
                      &Box::from, &Place::planes,
                      [&](const Numbers& left) { return from_service(left); });
}

Next Search::from_service(const Numbers& boxes) {
    const auto services = named(boxes, &Box::from, &Place::names);
    std::vector<std::string> words;
    for (const std::string& service : services) {
        const auto entry = names_.services.find(service);
        if (entry == names_.services.end() || entry->second == call_.from_plane)
            words.push_back(service);
    }
    words.push_back(fresh_service(services));
    return each_place(boxes, words, {&Call::from_service, &Alike::from_services}, &Box::from,
                      &Place::names, [&](const Numbers& left) { return to_plane(left); });
}

Next Search::to_plane(const Numbers& boxes) {
    std::set<std::string> planes;
    if (names_.known) {
        for (const auto& [service, plane] : names_.services)
            planes.insert(plane);
    } else {
        planes = named(boxes, &Box::to, &Place::planes);
        planes.insert(
            fresh_name("other-plane", [&](const auto& name) { return planes.contains(name); }));
    }
    planes.erase(outside);
    const std::vector<std::string> words(planes.begin(), planes.end());
    const auto all = [&](const std::vector<std::string>& some) {
        return each_place(boxes, some, {&Call::to_plane, &Alike::to_planes, planes_apart()},
                          &Box::to, &Place::planes,
                          [&](const Numbers& left) { return to_name(left); });
    };
    const Next next = all(words);  // apart from outside, where alone tunnels lead
    return next == Next::go_on ? all({outside}) : next;
}

/// Whom a call may name on the chosen plane, or outside.
std::vector<std::string> Search::callees(const Numbers& boxes) const {
    std::vector<std::string> words;
    if (names_.known && call_.external())
        return names_.external;
    if (names_.known) {
        for (const auto& [service, plane] : names_.services)
            if (plane == call_.to_plane)
                words.push_back(service);
        return words;
    }
    const auto names = named(boxes, &Box::to, &Place::names);
    words.assign(names.begin(), names.end());
    words.push_back(call_.external()
                        ? fresh_name("other-host",
                                     [&](const std::string& name) { return names.contains(name); })
                        : fresh_service(names));
    return words;
}

Next Search::to_name(const Numbers& boxes) {
    return each_place(boxes, callees(boxes), {&Call::to_name, &Alike::to_names}, &Box::to,
                      &Place::names,
                      [&](const Numbers& left) { return beyond(form(left), Next::next_pair); });
}

Next Search::form(const Numbers& boxes) {
    for (const bool tunnel : {false, true}) {
        if (tunnel && !call_.external())
            continue;  // no file ever allows that (acl/match.cpp, unanswerable)
        Numbers left;
        for (const std::uint32_t number : boxes)
            if (boxes_[number].takes(tunnel))
                left.push_back(number);
        call_.tunnel = tunnel;
        if (!worth(left))
            continue;
        if (const Next next = method(left); next != Next::go_on)
            return next;
    }
    return Next::go_on;
}

std::vector<std::string> Search::methods(const Numbers& boxes) const {
    if (call_.tunnel)
        return {"CONNECT"};
    std::set<std::string> named(std::begin(known_methods), std::end(known_methods));
    for (const std::uint32_t number : boxes)
        for (const Action& action : boxes_[number].actions)
            named.insert(action.methods.words().begin(), action.methods.words().end());
    named.erase("CONNECT");  // asks for a tunnel, and nothing else does
    std::vector<std::string> words(std::begin(known_methods), std::end(known_methods));
    std::ranges::copy_if(named, std::back_inserter(words), [](const std::string& name) {
        return std::ranges::find(known_methods, name) == std::end(known_methods);
    });
    words.push_back(
        fresh_name("OTHER", [&](const std::string& name) { return named.contains(name); }));
    return words;
}

Next Search::method(const Numbers& boxes) {
    Cases cases(Apart::by_boxes);
    for (const std::string& word : methods(boxes)) {
        if (!spend(1 + boxes.size()))
            return Next::stop;
        Numbers left;
        Numbers key;  // boxes, and which of their actions
        for (const std::uint32_t number : boxes) {
            const std::size_t before = key.size();
            for (std::size_t i = 0; i < boxes_[number].actions.size(); ++i)
                if (boxes_[number].actions[i].methods.has(word))
                    key.push_back(static_cast<std::uint32_t>(i));
            if (key.size() == before)
                continue;
            key.insert(key.end(), {end_of_actions, number});
            left.push_back(number);
        }
        cases.add(word, std::move(left), std::move(key));
    }
    return each_case(cases.take(), {&Call::method, &Alike::methods}, [&](const Numbers& left) {
        return beyond(headers(left, {}), Next::next_action);
    });
}

}  // namespace beta::proof
