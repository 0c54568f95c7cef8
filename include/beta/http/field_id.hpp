// identify: which of the fields that a proxy must know a name is, and whether it only pretends to
// be one.
#pragma once

#include "beta/http/head.hpp"

#include <string_view>

namespace boost::beast::http {
enum class field : unsigned short;
}

namespace beta::http {

/// `known` is Beast's own lookup of the name; only the families (X-Beta-*, X-Forwarded-*) need the
/// text.
FieldId identify(boost::beast::http::field known, std::string_view name) noexcept;

/// True for a name that some servers read as one of ours or as a framing field because they treat
/// '_' as '-' (CVE-2025-64484): such a message is refused.
bool is_look_alike(std::string_view name) noexcept;

/// ASCII case-insensitive comparison (RFC 9110 §5.1: field names are case-insensitive).
bool iequals(std::string_view a, std::string_view b) noexcept;
bool istarts_with(std::string_view text, std::string_view prefix) noexcept;

}  // namespace beta::http
