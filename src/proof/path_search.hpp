// PathSearch: every way in which a path can fit or miss a set of patterns, with a shortest path for
// each: the automaton of all patterns at once, built as far as it is looked at.
#pragma once

#include "beta/acl/path_pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::proof {

class PathSearch {
  public:
    using Numbers = std::vector<std::uint32_t>;

    /// Each pattern belongs to a box; a box fits when one of its patterns does.
    struct Way {
        std::uint32_t box;
        const acl::PathPattern* pattern;
        auto operator<=>(const Way&) const = default;
    };

    /// Is given the boxes that fit, ascending, and the path; true ends the search.
    using Look = std::function<bool(const Numbers&, const std::string&)>;
    /// True when nothing that fits only some of these boxes is of interest.
    using Hopeless = std::function<bool(const Numbers&)>;

    /// `always`: the boxes that every path fits.
    PathSearch(Numbers always, const std::vector<Way>& ways, Look look, Hopeless hopeless);

    /// Ends when `look` says so, when everything was seen, or when `steps` run out (they are
    /// counted down); true in the first case.
    bool run(std::size_t& steps);

  private:
    /// After some segments, none of them empty.
    struct State {
        std::string path;
        Numbers done;           // boxes that fit whatever follows
        std::vector<Way> open;  // patterns that fit so far and have as many segments or more
    };

    using Ways = std::vector<Way>;
    static State follow(const State& state, std::size_t depth, std::string_view segment,
                        std::initializer_list<const Ways*> ways);
    bool ends(const State& state, std::size_t depth);
    bool ends_in_slash(const State& state, std::size_t depth);
    bool seen(const Numbers& boxes);
    bool worth(const State& state) const;
    bool expand(const State& state, std::size_t depth, std::vector<State>& next);
    bool step(State longer, std::size_t depth, std::vector<State>& next);
    bool spend(std::size_t steps);

    Look look_;
    Hopeless hopeless_;
    State start_;
    std::string other_;                                     // a segment that no pattern names
    std::set<std::pair<Numbers, std::vector<Way>>> known_;  // of one depth
    std::set<Numbers> judged_;
    std::size_t* steps_ = nullptr;
};

/// A decoded segment in the spelling of a canonical path.
std::string spelled(std::string_view segment);

}  // namespace beta::proof
