// The text under a YAML file: plain UTF-8, and places in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace beta::yaml {

struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;  // in characters, from 1
};

Place place_of_byte(std::string_view text, std::size_t at);

/// Index of the first byte that is not well-formed UTF-8 (Unicode 15 §3.9, table 3-7), or that
/// begins what no editor shows: a control character, a byte order mark, a line separator, a
/// change of writing direction, a noncharacter; or a carriage return alone, which YAML reads as the
/// end of a line and many an editor does not. text.size() when there is none.
std::size_t first_bad_byte(std::string_view text) noexcept;

}  // namespace beta::yaml
