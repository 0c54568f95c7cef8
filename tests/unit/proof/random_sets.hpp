// Random sets of small policies over few words, and every call over the same words.
#pragma once

#include "naive.hpp"

#include <array>
#include <random>

namespace beta::proof::test {

class Dice {
  public:
    explicit Dice(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::string pick(const Words& list) { return list[below(list.size())]; }
    /// Between `least` and `most` different ones.
    Words some(const Words& list, std::size_t least, std::size_t most) {
        Words out;
        for (std::size_t i = least + below(most - least + 1); i > 0; --i)
            if (const std::string word = pick(list); !holds(out, word))
                out.push_back(word);
        return out;
    }

    std::size_t header_odds = 12;  // one condition in so many has a header

  private:
    std::mt19937 engine_;
};

constexpr bool whole = true;

// What rules name. Calls also use a word beyond each list, for all that rules do not name.
inline const Words planes{"ops", "wallet", "chain"};
inline const Words services{"a", "b"};
inline const Words hosts{"x"};
inline const Words methods{"GET", "BREW"};
inline const Words segments{"p", "q"};
inline const Words header_values{"1", "2"};
inline const Words header_lines{"1", "2", "1,2"};  // of a deny
inline const Words header_names{"h-one", "h-two"};

/// At most two segments and a `**`: every way to fit or miss shows in paths of three segments.
inline std::string random_pattern(Dice& dice) {
    std::string out;
    for (std::size_t i = dice.below(3); i > 0; --i)
        out += dice.one_in(3) ? "/*" : "/" + dice.pick(segments);
    if (dice.one_in(3))
        return out + "/**";
    return out.empty() || (out.size() == 2 && dice.one_in(4)) ? out + '/' : out;
}

inline Words random_patterns(Dice& dice, std::size_t least) {
    Words out;
    for (std::size_t i = least + dice.below(3); i > 0; --i)
        if (const auto pattern = random_pattern(dice); !holds(out, pattern))
            out.push_back(pattern);
    return out;
}

inline NaiveOperation random_action(Dice& dice) {
    return {.name = {}, .methods = dice.some(methods, 0, 2), .paths = random_patterns(dice, 0)};
}

inline std::vector<std::pair<std::string, Words>> random_headers(Dice& dice, bool lines) {
    std::vector<std::pair<std::string, Words>> out;
    for (const std::string& name : header_names)
        if (whole && dice.one_in(dice.header_odds * (name == header_names.front() ? 1 : 4)))
            out.emplace_back(name, dice.some(lines ? header_lines : header_values, 1, 2));
    return out;
}

inline NaiveSide random_side(Dice& dice, const std::string& own, bool must_be_own) {
    NaiveSide side;
    if (!must_be_own && !dice.one_in(3))
        side.plane = dice.one_in(4) ? "*" : dice.pick(planes);
    else if (dice.one_in(2))
        side.plane = own;
    if (dice.one_in(3))
        side.services = dice.some(services, 1, 2);
    return side;
}

inline std::vector<NaiveOperation> random_does(Dice& dice, const NaiveFile& file) {
    if (file.operations.empty() || dice.one_in(2))
        return {random_action(dice)};
    std::vector<NaiveOperation> out;
    for (const NaiveOperation& one : file.operations)
        if (dice.one_in(2))
            out.push_back(one);
    return out.empty() ? std::vector{file.operations.front()} : out;
}

inline NaiveRule random_rule(Dice& dice, const NaiveFile& file, std::string name) {
    NaiveRule rule;
    rule.name = std::move(name);
    rule.allows = !dice.one_in(3);
    rule.reports = whole && dice.one_in(6);
    rule.from = random_side(dice, file.plane, false);
    const bool own = rule.from.plane.empty() || rule.from.plane == file.plane;
    rule.to = random_side(dice, file.plane, !own && rule.from.plane != "*");
    rule.does = random_does(dice, file);
    rule.headers = random_headers(dice, !rule.allows);
    if (whole && own && dice.one_in(5)) {
        rule.to = {.plane = {}, .services = {}, .external = hosts};
        rule.tunnel = rule.allows && dice.one_in(2);
        if (rule.tunnel)
            rule.does = {NaiveOperation{}};
    }
    return rule;
}

inline NaiveFile random_file(Dice& dice, const std::string& plane) {
    NaiveFile file;
    file.plane = plane;
    file.reports = whole && dice.one_in(30);
    for (std::size_t i = whole ? dice.below(3) : 0; i > 0; --i) {
        file.operations.push_back(random_action(dice));
        if (file.operations.back().methods.empty() && file.operations.back().paths.empty())
            file.operations.back().paths = random_patterns(dice, 1);
        file.operations.back().name = "op" + std::to_string(i);
    }
    for (std::size_t i = 1 + dice.below(6); i > 0; --i)
        file.rules.push_back(random_rule(dice, file, "r" + std::to_string(i)));
    for (const NaiveOperation& one : file.operations) {
        if (!dice.one_in(4))
            continue;
        NaiveRule rule;
        rule.prohibits = true;
        rule.from.plane = rule.to.plane = "*";
        rule.does = {one};
        file.rules.push_back(rule);
    }
    return file;
}

/// Two or all three planes have a file.
inline std::vector<NaiveFile> random_set(Dice& dice) {
    std::vector<NaiveFile> files{random_file(dice, "ops"), random_file(dice, "wallet")};
    if (dice.one_in(3))
        files.push_back(random_file(dice, "chain"));
    return files;
}

}  // namespace beta::proof::test
