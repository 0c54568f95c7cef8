// Lists in field values: comma-separated tokens across all field lines of one name (RFC 9110
// §5.6.1).
#pragma once

#include "beta/http/head.hpp"

#include <string_view>
#include <vector>

namespace beta::http {

/// Takes the next element off `list`, blanks trimmed; empty elements are skipped. False at the end.
bool next_element(std::string_view& list, std::string_view& element) noexcept;

/// Whether any field of this kind lists `token`, compared without case.
bool lists(const std::vector<Field>& fields, FieldId id, std::string_view token) noexcept;

}  // namespace beta::http
