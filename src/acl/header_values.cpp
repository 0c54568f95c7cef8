#include "header_values.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

bool is_among(const std::vector<std::string>& values, std::string_view value) noexcept {
    return std::ranges::find(values, value) != values.end();
}

bool any_value(const HeaderCondition& condition, std::string_view line) noexcept {
    if (is_among(condition.values, without_blanks(line)))
        return true;
    std::string_view value;
    while (next_value(line, value))
        if (is_among(condition.values, value))
            return true;
    return false;
}

bool every_value(const HeaderCondition& condition, std::string_view line) noexcept {
    std::string_view value;
    while (next_value(line, value))
        if (!is_among(condition.values, value))
            return false;
    return true;
}

}  // namespace

bool is_header(std::string_view name, std::string_view received) noexcept {
    return std::ranges::equal(name, received, {}, {}, to_lower);
}

std::string_view without_blanks(std::string_view text) noexcept {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool next_value(std::string_view& line, std::string_view& value) noexcept {
    if (line.data() == nullptr)
        return false;
    const std::size_t comma = line.find(',');
    value = without_blanks(line.substr(0, comma));
    line = comma == line.npos ? std::string_view() : line.substr(comma + 1);
    return true;
}

bool holds(const HeaderCondition& condition, Verdict verdict, const HeaderLines& lines) noexcept {
    bool present = false;
    for (std::size_t i = 0; i < lines.count; ++i) {
        const HeaderLines::Line line = lines.at(lines.fields, i);
        if (!is_header(condition.name, line.name))
            continue;
        present = true;
        const std::string_view value = line.value.data() == nullptr ? "" : line.value;
        if (verdict == Verdict::deny && any_value(condition, value))
            return true;
        if (verdict == Verdict::allow && !every_value(condition, value))
            return false;
    }
    return present && verdict == Verdict::allow;
}

}  // namespace beta::acl
