// Text for JSON output.
#pragma once

#include <string>
#include <string_view>

namespace beta::model {

/// A JSON string literal, quotes included. Bytes beyond ASCII appear as \u00XX, so that the result
/// is valid whatever they are (RFC 8259 §7).
std::string json_text(std::string_view bytes);

}  // namespace beta::model
