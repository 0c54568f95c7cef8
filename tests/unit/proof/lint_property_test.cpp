// What lint says of rules that never decide, against every call looked at one by one.
#include "beta/proof/lint.hpp"

#include "every_call.hpp"
#include "parsed.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace beta::proof::test {
namespace {

enum class Fate { decides, outranked, meets_nobody };

bool enforced(const NaiveFile& file, const NaiveRule& rule) {
    return !rule.reports && (rule.allows || !file.reports);
}

/// Whether `other` is asked before `rule`; `earlier`: it stands before it in the file.
bool asked_before(const NaiveFile& file, const NaiveRule& other, const NaiveRule& rule,
                  bool earlier) {
    const bool same = other.allows == rule.allows;
    if (!enforced(file, other))
        return same && !enforced(file, rule) && earlier;
    if (!other.allows)
        return rule.allows || !enforced(file, rule) || earlier;
    return same && (!enforced(file, rule) || earlier);
}

/// What each rule is about, whoever asks whom; headers apart, which no rule here looks at.
std::vector<Asks> about(const NaiveFile& file) {
    std::vector<Asks> out;
    out.reserve(file.rules.size());
    for (const NaiveRule& rule : file.rules)
        out.push_back(asks_that([&](const NaiveCall& ask) {
            return (!rule.allows || rule.tunnel == ask.tunnel) &&
                   std::ranges::any_of(rule.does, [&](const auto& one) { return does(one, ask); });
        }));
    return out;
}

/// At one end of the file: adds what the calls between these two tell of each rule.
void look(const NaiveFile& file, const NaiveCall& pair, bool service_known, std::vector<Asks> all,
          std::vector<Fate>& fates) {
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!caller_fits(file, file.rules[i], pair, service_known) ||
            !callee_fits(file, file.rules[i], pair))
            all[i].reset();
        if (!pair.to_plane.empty())
            all[i].reset(every_ask().size() - 1);  // tunnels lead outside
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        Asks left = all[i];
        for (std::size_t k = 0; k < all.size(); ++k)
            if (k != i && asked_before(file, file.rules[k], file.rules[i], k < i))
                left &= ~all[k];
        if (left.any())
            fates[i] = Fate::decides;
        else if (all[i].any() && fates[i] == Fate::meets_nobody)
            fates[i] = Fate::outranked;
    }
}

std::vector<Fate> fates_of(const NaiveFile& file, Knows knows) {
    const auto all = about(file);
    std::vector<Fate> fates(file.rules.size(), Fate::meets_nobody);
    for (const NaiveCall& pair : every_pair(knows)) {
        if (pair.from_plane == file.plane)
            look(file, pair, true, all, fates);
        if (pair.to_plane == file.plane)
            look(file, pair, pair.callee_knows_service, all, fates);
    }
    return fates;
}

Fate said(const model::Diagnostics& findings, const NaiveRule& rule) {
    const std::string name = rule.prohibits ? "prohibit:" + rule.does.front().name
                             : rule.allows  ? "allow " + rule.name
                                            : "deny " + rule.name;
    for (const auto& one : findings) {
        if (one.message.starts_with(name + ": no call can ever meet it"))
            return Fate::meets_nobody;
        if (one.message.starts_with(name + ": never decides") ||
            one.message.starts_with(name + ": allows nothing"))
            return Fate::outranked;
    }
    return Fate::decides;
}

}  // namespace

TEST_CASE("rules that never decide are those that decide no call of all that are tried") {
    const auto knows = GENERATE(Knows::service, Knows::plane);
    Dice dice(11);
    dice.header_odds = 1'000'000'000;
    std::map<Fate, int> seen;
    for (int round = 0; round < 150; ++round) {
        const NaiveFile file = random_file(dice, "wallet");
        const auto findings = lint(parsed({file}), {}, nullptr, known_by(knows));
        const auto fates = fates_of(file, knows);
        for (std::size_t i = 0; i < fates.size(); ++i) {
            ++seen[fates[i]];
            if (said(findings, file.rules[i]) != fates[i])
                FAIL(file.rules[i].name << " should be " << static_cast<int>(fates[i]) << '\n'
                                        << to_json(findings) << '\n'
                                        << yaml(file));
        }
    }
    CHECK(seen[Fate::decides] > 200);  // else the test asks nothing
    CHECK(seen[Fate::outranked] > 20);
    CHECK((seen[Fate::meets_nobody] > 20) == (knows == Knows::plane));
}

}  // namespace beta::proof::test
