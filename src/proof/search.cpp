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

constexpr std::uint32_t end_of_box = std::numeric_limits<std::uint32_t>::max();

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

/// Tries one word for each different way in which the boxes take the words in. `fits` adds to a
/// key whatever tells two ways apart.
template <class Fits, class Deeper>
Next Search::each_case(const Numbers& boxes, const std::vector<std::string>& words, Level level,
                       Fits fits, Deeper deeper) {
    struct Case {
        Numbers left;
        std::vector<std::string> words;
    };
    std::vector<Case> cases;
    std::map<Numbers, std::size_t> numbers;  // by what tells them apart
    for (const std::string& word : words) {
        if (!spend(1 + boxes.size()))
            return Next::stop;
        Numbers left;
        Numbers key;
        for (const std::uint32_t number : boxes) {
            const std::size_t before = key.size();
            key.push_back(number);
            if (!fits(boxes_[number], word, key)) {
                key.resize(before);
                continue;
            }
            key.push_back(end_of_box);
            left.push_back(number);
        }
        const auto [same, is_new] = numbers.try_emplace(std::move(key), cases.size());
        if (is_new || level.apart == Apart::always)
            cases.push_back({std::move(left), {word}});
        else
            cases[same->second].words.push_back(word);
    }
    for (Case& one : cases) {
        if (!worth(one.left))
            continue;
        call_.*level.chosen = one.words.front();
        alike_.*level.alike = std::move(one.words);
        if (const Next next = deeper(one.left); next != Next::go_on)
            return next;
    }
    return Next::go_on;
}

template <class Deeper>
Next Search::each_place(const Numbers& boxes, const std::vector<std::string>& words, Level level,
                        Place Box::* side, LabelSet Place::* set, Deeper deeper) {
    return each_case(
        boxes, words, level,
        [&](const Box& box, const std::string& word, Numbers&) {
            return (box.*side.*set).has(word);
        },
        deeper);
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
    return each_case(
        boxes, methods(boxes), {&Call::method, &Alike::methods},
        [](const Box& box, const std::string& word, Numbers& key) {
            bool any = false;
            for (std::size_t i = 0; i < box.actions.size(); ++i) {
                if (!box.actions[i].methods.has(word))
                    continue;
                key.push_back(static_cast<std::uint32_t>(i));
                any = true;
            }
            return any;
        },
        [&](const Numbers& left) { return beyond(headers(left, {}), Next::next_action); });
}

}  // namespace beta::proof
