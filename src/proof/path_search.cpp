#include "path_search.hpp"

#include "fresh_name.hpp"

#include <algorithm>
#include <map>

namespace beta::proof {
namespace {

using Numbers = PathSearch::Numbers;
using Way = PathSearch::Way;

void normalise(Numbers& numbers) {
    std::ranges::sort(numbers);
    const auto rest = std::ranges::unique(numbers);
    numbers.erase(rest.begin(), rest.end());
}

std::size_t length(const Way& way) {
    return way.pattern->segments().size();
}

std::string unnamed_segment(const std::vector<Way>& ways) {
    std::set<std::string, std::less<>> named;
    for (const Way& way : ways)
        for (const auto& segment : way.pattern->segments())
            named.insert(segment.text);
    return fresh_name("other", [&](const std::string& name) { return named.contains(name); });
}

}  // namespace

PathSearch::PathSearch(Numbers always, const std::vector<Way>& ways, Look look, Hopeless hopeless)
    : look_(std::move(look)), hopeless_(std::move(hopeless)), other_(unnamed_segment(ways)) {
    start_.done = std::move(always);
    for (const Way& way : ways) {
        if (length(way) == 0)  // "/**"
            start_.done.push_back(way.box);
        else
            start_.open.push_back(way);
    }
    normalise(start_.done);
    std::ranges::sort(start_.open);
}

bool PathSearch::run(std::size_t& steps) {
    steps_ = &steps;
    std::vector<State> level{start_};
    for (std::size_t depth = 0; !level.empty(); ++depth) {
        std::vector<State> next;
        known_.clear();
        for (const State& state : level)
            if (expand(state, depth, next))
                return true;
        level = std::move(next);
    }
    return false;
}

bool PathSearch::spend(std::size_t steps) {
    *steps_ -= std::min(*steps_, steps);
    return *steps_ > 0;
}

/// All paths that are one segment longer; true when the search has ended.
bool PathSearch::expand(const State& state, std::size_t depth, std::vector<State>& next) {
    if (ends_in_slash(state, depth))
        return true;
    Ways stars;
    std::map<std::string_view, Ways> named;
    for (const Way& way : state.open) {
        const auto& segment = way.pattern->segments()[depth];
        if (segment.any)
            stars.push_back(way);
        else if (!segment.text.empty())
            named[segment.text].push_back(way);
    }
    for (const auto& [segment, ways] : named) {
        if (!spend(1 + stars.size() + ways.size() + state.done.size()))
            return false;
        if (step(follow(state, depth, segment, {&stars, &ways}), depth + 1, next))
            return true;
    }
    return spend(1 + stars.size() + state.done.size()) &&
           step(follow(state, depth, other_, {&stars}), depth + 1, next);
}

bool PathSearch::step(State longer, std::size_t depth, std::vector<State>& next) {
    if (ends(longer, depth))
        return true;
    std::erase_if(longer.open, [&](const Way& way) {
        return length(way) == depth || std::ranges::binary_search(longer.done, way.box);
    });
    if (!worth(longer))
        return false;
    if (longer.open.empty())  // all that is longer fits the same
        return !seen(longer.done) && look_(longer.done, longer.path + '/' + other_);
    if (known_.emplace(longer.done, longer.open).second)
        next.push_back(std::move(longer));
    return false;
}

PathSearch::State PathSearch::follow(const State& state, std::size_t depth,
                                     std::string_view segment,
                                     std::initializer_list<const Ways*> ways) {
    State longer{.path = state.path + '/' + spelled(segment), .done = state.done, .open = {}};
    for (const Ways* const some : ways)
        for (const Way& way : *some) {
            if (way.pattern->deep() && length(way) == depth + 1)
                longer.done.push_back(way.box);
            else
                longer.open.push_back(way);
        }
    normalise(longer.done);
    std::ranges::sort(longer.open);
    return longer;
}

/// The path as far as it goes: patterns that are exactly as long fit too.
bool PathSearch::ends(const State& state, std::size_t depth) {
    Numbers boxes = state.done;
    for (const Way& way : state.open)
        if (length(way) == depth)
            boxes.push_back(way.box);
    normalise(boxes);
    return !seen(boxes) && look_(boxes, state.path);
}

/// One more segment, which is empty: only its literal, the last of a pattern, fits it.
bool PathSearch::ends_in_slash(const State& state, std::size_t depth) {
    Numbers boxes = state.done;
    for (const Way& way : state.open) {
        const auto& wanted = way.pattern->segments()[depth];
        if (!wanted.any && wanted.text.empty() && length(way) == depth + 1)
            boxes.push_back(way.box);
    }
    normalise(boxes);
    return !seen(boxes) && look_(boxes, state.path + '/');
}

/// Whether an earlier, shorter path fits the same boxes.
bool PathSearch::seen(const Numbers& boxes) {
    return !judged_.insert(boxes).second;
}

bool PathSearch::worth(const State& state) const {
    Numbers possible = state.done;
    for (const Way& way : state.open)
        possible.push_back(way.box);
    normalise(possible);
    return !hopeless_(possible);
}

std::string spelled(std::string_view segment) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view plain = "-._~!$&'()*+,=:@";
    std::string out;
    for (const char c : segment) {
        const auto byte = static_cast<unsigned char>(c);
        const bool alnum =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (alnum || plain.contains(c))
            out += c;
        else
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

}  // namespace beta::proof
