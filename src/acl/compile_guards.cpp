#include "compile.hpp"
#include "match.hpp"

#include <algorithm>
#include <tuple>

namespace beta::acl {
namespace {

std::uint32_t count_of(const auto& list) {
    return static_cast<std::uint32_t>(list.size());
}

std::uint32_t fact(Policy::Index& index, std::uint32_t header, const std::string& value,
                   std::vector<std::uint32_t>& uses) {
    std::uint32_t& number = index.facts.at(pair_key(header, index.values.intern(value)));
    if (number == 0) {
        number = count_of(uses);
        uses.push_back(0);
    }
    ++uses[number];
    return number;
}

void add_condition(Policy::Index& index, const HeaderCondition& condition,
                   std::vector<std::uint32_t>& uses) {
    Condition made{.header = index.headers.intern(condition.name), .facts = {}};
    index.header_lengths |= 1ull << (condition.name.size() - 1);
    made.facts.first = count_of(index.condition_facts);
    for (const std::string& value : condition.values)
        index.condition_facts.push_back(fact(index, made.header, value, uses));
    made.facts.count = count_of(index.condition_facts) - made.facts.first;
    std::sort(index.condition_facts.begin() + made.facts.first, index.condition_facts.end());
    index.conditions.push_back(made);
}

/// The condition whose values the fewest rules name comes first: rules are found by its values.
void rarest_first(Policy::Index& index, const Range& conditions,
                  const std::vector<std::uint32_t>& uses) {
    const auto cost = [&](const Condition& condition) {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < condition.facts.count; ++i)
            sum += uses[index.condition_facts[condition.facts.first + i]];
        return sum;
    };
    const auto first = index.conditions.begin() + conditions.first;
    std::iter_swap(first, std::ranges::min_element(first, first + conditions.count, {}, cost));
}

/// Equal for the same rule and limit of the next version of the file.
std::uint64_t limit_seed(const PolicyFile& file, const std::string& rule, const Limit& limit) {
    std::uint64_t seed = hash(file.plane);
    for (const std::uint64_t part :
         {hash(rule), static_cast<std::uint64_t>(limit.interval.count()),
          static_cast<std::uint64_t>(limit.burst), static_cast<std::uint64_t>(limit.per)})
        seed = mix(seed ^ part) + 1;
    return seed;
}

struct Filed {
    std::uint32_t guard = 0;
    std::uint32_t fact = 0;
    Guarded rule;
};

void build_ranges(Policy::Index& index, std::vector<Filed>& filed) {
    std::ranges::sort(
        filed, {}, [](const Filed& one) { return std::tuple(one.guard, one.fact, one.rule.rule); });
    index.guarded_ranges.resize(1);
    index.guarded_rules.reserve(filed.size());
    for (std::size_t i = 0; i < filed.size(); ++i) {
        if (i == 0 || filed[i].guard != filed[i - 1].guard || filed[i].fact != filed[i - 1].fact) {
            index.guarded.at(pair_key(filed[i].guard, filed[i].fact)) =
                count_of(index.guarded_ranges);
            index.guarded_ranges.push_back({.first = static_cast<std::uint32_t>(i), .count = 0});
        }
        ++index.guarded_ranges.back().count;
        index.guarded_rules.push_back(filed[i].rule);
    }
}

}  // namespace

void number_conditions(Policy::Index& index) {
    index.rules.resize(index.file.rules.size() + 1);
    std::vector<std::uint32_t> uses(1);  // by fact
    for (const Rule& rule : index.file.rules) {
        const bool allows = rule.verdict == Verdict::allow;
        const bool reported = is_reported(index.file, rule);
        RuleFacts& facts = index.rules[rule.id];
        facts.allows = allows;
        facts.kind = reported ? (allows ? &Outcome::reported_allow : &Outcome::reported_deny)
                              : (allows ? &Outcome::allow : &Outcome::deny);
        if (const auto& limit = rule.limit; limit.has_value())
            facts.limit_seed = limit_seed(index.file, rule.name, *limit);
        facts.conditions.first = count_of(index.conditions);
        for (const HeaderCondition& condition : rule.headers)
            add_condition(index, condition, uses);
        facts.conditions.count = count_of(index.conditions) - facts.conditions.first;
    }
    for (const RuleFacts& rule : index.rules)
        if (rule.conditions.count > 1)
            rarest_first(index, rule.conditions, uses);
}

void file_guarded(Policy::Index& index, const std::vector<End>& ends) {
    std::vector<Filed> filed;
    std::uint32_t guards = 0;
    for (const End& end : ends) {
        std::uint32_t& guard = index.accepts[end.accept].guard;
        if (guard == 0)
            guard = ++guards;
        const Condition& key = index.conditions[index.rules[end.rule].conditions.first];
        for (std::uint32_t i = 0; i < key.facts.count; ++i)
            filed.push_back({.guard = guard,
                             .fact = index.condition_facts[key.facts.first + i],
                             .rule = {.methods = end.methods, .rule = end.rule}});
    }
    build_ranges(index, filed);
}

}  // namespace beta::acl
