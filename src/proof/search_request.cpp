// The lower half of the search: the headers and the path of a request.
#include "fresh_name.hpp"
#include "path_search.hpp"
#include "search.hpp"

#include <algorithm>

namespace beta::proof {
namespace {

using Next = Judge::Next;
using Numbers = std::vector<std::uint32_t>;

/// Sets of values are looked at one by one: 2^16 of them at most.
constexpr std::size_t most_value_classes = 16;

/// The parts of a line of a header, as the engine cuts it.
std::vector<std::string> parts_of(std::string_view line) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find(',', begin), line.size());
        std::string_view part = line.substr(begin, end - begin);
        part.remove_prefix(std::min(part.find_first_not_of(" \t"), part.size()));
        part.remove_suffix(part.size() - std::min(part.find_last_not_of(" \t") + 1, part.size()));
        parts.emplace_back(part);
        begin = end + 1;
    }
    return parts;
}

bool fits_line(const HeaderTest& test, const std::string& line) {
    const auto has = [&](const std::string& part) { return test.values.has(part); };
    const auto parts = parts_of(line);
    return test.each ? std::ranges::all_of(parts, has)
                     : has(line) || std::ranges::any_of(parts, has);
}

/// The boxes' tests of one header. Lines that pass the same tests are one class: every value that a
/// test names, and one that none does. A line of several values does what its parts do as lines of
/// their own, unless a deny names it as a whole.
class HeaderCases {
  public:
    HeaderCases(const std::vector<Box>& boxes, const Numbers& numbers, const std::string& name) {
        std::set<std::string> values;
        for (const std::uint32_t number : numbers)
            for (const HeaderTest& test : boxes[number].headers)
                if (test.name == name) {
                    tests_.push_back({number, &test});
                    values.insert(test.values.words().begin(), test.values.words().end());
                }
        std::set<std::vector<bool>> seen;
        const auto add = [&](const std::string& value) {
            std::vector<bool> passes;
            passes.reserve(tests_.size());
            for (const auto& [number, test] : tests_)
                passes.push_back(fits_line(*test, value));
            if (seen.insert(passes).second)
                classes_.push_back({value, std::move(passes)});
        };
        std::ranges::for_each(values, add);
        add(fresh_name("other", [&](const std::string& name) { return values.contains(name); }));
    }

    std::size_t classes() const noexcept { return classes_.size(); }
    const std::string& value(std::size_t number) const { return classes_[number].value; }

    /// Boxes that a request does not fit which has one line of each class in `chosen`.
    Numbers missed(std::uint64_t chosen) const {
        Numbers out;
        for (std::size_t i = 0; i < tests_.size(); ++i)
            if (!passes(i, chosen))
                out.push_back(tests_[i].box);
        return out;
    }

  private:
    struct Test {
        std::uint32_t box;
        const HeaderTest* test;
    };
    struct Class {
        std::string value;
        std::vector<bool> passes;  // by test
    };

    bool passes(std::size_t test, std::uint64_t chosen) const {
        bool any = false;
        bool every = true;
        for (std::size_t i = 0; i < classes_.size(); ++i) {
            if ((chosen >> i & 1) == 0)
                continue;
            any = any || classes_[i].passes[test];
            every = every && classes_[i].passes[test];
        }
        return tests_[test].test->each ? any && every : any;
    }

    std::vector<Test> tests_;
    std::vector<Class> classes_;
};

}  // namespace

/// One header after the other, in the order of their names.
Next Search::headers(const Numbers& boxes, const std::string& after) {
    const std::string* first = nullptr;
    for (const std::uint32_t number : boxes)
        for (const HeaderTest& test : boxes_[number].headers)
            if (test.name > after && (first == nullptr || test.name < *first))
                first = &test.name;
    return first == nullptr ? path(boxes) : header(boxes, *first);
}

Next Search::header(const Numbers& boxes, const std::string& name) {
    const HeaderCases cases(boxes_, boxes, name);
    if (cases.classes() > most_value_classes) {
        exhausted_ = true;
        return Next::stop;
    }
    std::set<Numbers> seen;
    for (std::uint64_t chosen = 0; chosen < 1ull << cases.classes(); ++chosen) {
        if (!spend(1 + boxes.size()))
            return Next::stop;
        const Numbers missed = cases.missed(chosen);
        Numbers left;
        std::ranges::set_difference(boxes, missed, std::back_inserter(left));
        if (!seen.insert(left).second || !worth(left))
            continue;
        const std::size_t before = call_.headers.size();
        for (std::size_t i = 0; i < cases.classes(); ++i)
            if ((chosen >> i & 1) != 0)
                call_.headers.emplace_back(name, cases.value(i));
        const Next next = headers(left, name);
        call_.headers.resize(before);
        if (next != Next::go_on)
            return next;
    }
    return Next::go_on;
}

Next Search::path(const Numbers& boxes) {
    Numbers always;
    std::vector<PathSearch::Way> ways;
    for (const std::uint32_t number : boxes) {
        bool every = false;
        for (const Action& action : boxes_[number].actions) {
            if (!action.methods.has(call_.method))
                continue;
            every = every || action.every_path;
            for (const acl::PathPattern& pattern : action.paths)
                ways.push_back({number, &pattern});
        }
        if (every)
            always.push_back(number);
    }
    call_.path.clear();
    if (call_.tunnel)
        return judge_.look(always, call_, alike_);
    Next next = Next::go_on;
    PathSearch search(
        std::move(always), ways,
        [&](const Numbers& fitting, const std::string& path) {
            call_.path = path;
            next = judge_.look(fitting, call_, alike_);
            return next != Next::go_on;
        },
        [&](const Numbers& possible) { return judge_.hopeless(possible); });
    search.run(steps_);
    call_.path.clear();
    if (steps_ == 0) {
        exhausted_ = true;
        return Next::stop;
    }
    return next;
}

}  // namespace beta::proof
