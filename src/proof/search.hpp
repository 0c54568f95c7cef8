// Search: whether there is a call that fits a set of boxes in a way that a judge looks for. Exact:
// calls that the same boxes take in are one case, and every case is looked at.
#pragma once

#include "beta/proof/box.hpp"
#include "beta/proof/call.hpp"
#include "beta/proof/policies.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

using Boxes = std::span<const std::uint32_t>;  // numbers of boxes, ascending

/// Names that a call could have as well, and nothing would be different: its own are the first of
/// each list. A service that nothing names stands for all such, which have none.
struct Alike {
    std::vector<std::string> from_planes;
    std::vector<std::string> from_services;
    std::vector<std::string> to_planes;
    std::vector<std::string> to_names;
    std::vector<std::string> methods;
};

class Judge {
  public:
    /// How the search goes on after a case.
    enum class Next : std::uint8_t { go_on, next_action, next_pair, stop };

    virtual ~Judge() = default;
    /// True when no case can be of interest that only some of these boxes take in.
    virtual bool hopeless(Boxes possible) = 0;
    /// A case: exactly these boxes take the call in.
    virtual Next look(Boxes boxes, const Call& call, const Alike& alike) = 0;
};

class Search {
  public:
    /// Steps after which the question counts as too large. Deciding is exponential in the worst
    /// case (patterns of stars spell Boolean formulas); real policies need thousands.
    static constexpr std::size_t most_steps = 20'000'000;

    Search(const std::vector<Box>& boxes, const Names& names, Judge& judge,
           std::size_t steps = most_steps)
        : boxes_(boxes), names_(names), judge_(judge), steps_(steps) {}

    /// False when it was too large to decide: nothing is known then.
    bool run();

  private:
    using Next = Judge::Next;
    using Numbers = std::vector<std::uint32_t>;

    Next from_plane(const Numbers& boxes);
    Next from_service(const Numbers& boxes);
    Next to_plane(const Numbers& boxes);
    Next to_name(const Numbers& boxes);
    Next form(const Numbers& boxes);
    Next method(const Numbers& boxes);
    Next headers(const Numbers& boxes, const std::string& after);
    Next header(const Numbers& boxes, const std::string& name);
    Next path(const Numbers& boxes);

    /// What tells two words of a level apart: the boxes alone, or the names that follow as well.
    enum class Apart : std::uint8_t { by_boxes, always };
    /// Of a call: the name that a level chooses.
    struct Level {
        std::string Call::* chosen;
        std::vector<std::string> Alike::* alike;
        Apart apart = Apart::by_boxes;
    };
    /// Boxes that take some words in, and all those words.
    struct Case {
        Numbers boxes;
        std::vector<std::string> words;
    };
    /// The words by what tells them apart, in the order of the first of each.
    class Cases;
    template <class Deeper>
    Next each_case(std::vector<Case> cases, Level level, Deeper deeper);
    template <class Deeper>
    Next each_place(const Numbers& boxes, const std::vector<std::string>& words, Level level,
                    Place Box::* side, LabelSet Place::* set, Deeper deeper);
    /// A directory gives each plane names of its own.
    Apart planes_apart() const noexcept;
    std::set<std::string> named(const Numbers& boxes, Place Box::* side,
                                LabelSet Place::* set) const;
    std::vector<std::string> callees(const Numbers& boxes) const;
    std::vector<std::string> methods(const Numbers& boxes) const;
    std::string fresh_service(const std::set<std::string>& named) const;
    bool worth(const Numbers& boxes);
    bool spend(std::size_t steps);

    const std::vector<Box>& boxes_;
    const Names& names_;
    Judge& judge_;
    std::size_t steps_;
    bool exhausted_ = false;
    Call call_;
    Alike alike_;
};

}  // namespace beta::proof
