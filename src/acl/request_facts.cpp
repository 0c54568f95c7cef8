#include "request_facts.hpp"

#include "header_values.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_value = 255;  // that a rule can name

std::uint32_t number_of(const Policy::Index& index, std::string_view received) noexcept {
    if (received.empty() || received.size() > longest_name ||
        (index.header_lengths >> (received.size() - 1) & 1) == 0)
        return 0;
    std::array<char, longest_name> room;
    std::ranges::transform(received, room.begin(), to_lower);
    return index.headers.find({room.data(), received.size()});
}

/// 0 when no rule names this value of this header.
std::uint32_t fact_of(const Policy::Index& index, std::uint32_t header,
                      std::string_view value) noexcept {
    if (value.empty() || value.size() > longest_value)
        return 0;
    const std::uint32_t number = index.values.find(value);
    return number == 0 ? 0 : index.facts.find(pair_key(header, number));
}

}  // namespace

bool RequestFacts::read(const Policy::Index& index, const HeaderLines& lines) noexcept {
    bool fits = true;
    for (std::size_t i = 0; i < lines.count && fits; ++i) {
        const HeaderLines::Line line = lines.at(lines.fields, i);
        if (const std::uint32_t header = number_of(index, line.name); header != 0)
            fits = add_line(index, header, line.value.data() == nullptr ? "" : line.value);
    }
    return fits;
}

bool RequestFacts::add_line(const Policy::Index& index, std::uint32_t header,
                            std::string_view line) noexcept {
    const std::uint64_t bit = 1ull << (header - 1);
    present_ |= bit;
    bool fits = true;
    if (line.contains(',')) {
        if (const auto number = fact_of(index, header, without_blanks(line)); number != 0)
            fits = add({.number = number, .header = header, .whole_line = true});
    }
    std::string_view value;
    while (fits && next_value(line, value)) {
        const std::uint32_t number = fact_of(index, header, value);
        if (number == 0)
            spoiled_ |= bit;
        else
            fits = add({.number = number, .header = header, .whole_line = false});
    }
    return fits;
}

bool RequestFacts::add(Fact fact) noexcept {
    if (std::ranges::find(all(), fact.number, &Fact::number) != all().end())
        return true;
    if (count_ == most)
        return false;
    facts_[count_++] = fact;
    return true;
}

bool RequestFacts::meet(const Policy::Index& index, const RuleFacts& rule) const noexcept {
    const std::span conditions(index.conditions.data() + rule.conditions.first,
                               rule.conditions.count);
    return std::ranges::all_of(conditions, [&](const Condition& condition) {
        return meet(index, condition, rule.allows);
    });
}

bool RequestFacts::meet(const Policy::Index& index, const Condition& condition,
                        bool allows) const noexcept {
    const std::uint64_t bit = 1ull << (condition.header - 1);
    if ((present_ & bit) == 0 || (allows && (spoiled_ & bit) != 0))
        return false;
    const std::span wanted(index.condition_facts.data() + condition.facts.first,
                           condition.facts.count);
    for (const Fact& fact : all()) {
        if (fact.header != condition.header || (allows && fact.whole_line))
            continue;
        if (std::ranges::binary_search(wanted, fact.number) != allows)
            return !allows;
    }
    return allows;
}

}  // namespace beta::acl
