// Header values: whether the lines of a request meet a condition of a rule.
#pragma once

#include "beta/acl/rule.hpp"

namespace beta::acl {

constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// `name` in lower case against a field's name as received.
bool is_header(std::string_view name, std::string_view received) noexcept;

/// Takes the next value off a line, cut at commas and without blanks around it; also an empty one.
/// False at the end.
bool next_value(std::string_view& line, std::string_view& value) noexcept;
std::string_view without_blanks(std::string_view text) noexcept;

/// Of an allow: there is a value, and every one is among the condition's. Of a deny: any value is,
/// or a whole line. Split and joined lines are alike (RFC 9110 §5.3); an empty element is a value
/// that no rule names, so that it spoils an allow.
bool holds(const HeaderCondition& condition, Verdict verdict, const HeaderLines& lines) noexcept;

}  // namespace beta::acl
