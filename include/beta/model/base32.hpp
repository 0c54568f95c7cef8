// Base32: RFC 4648 §6 in lower case and without padding, as Tor writes keys and addresses.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace beta::model {

std::string base32(std::span<const std::uint8_t> bytes);

/// Fills `bytes` from exactly as many characters as they need, a to z and 2 to 7; false for
/// anything else, and for a spare bit that is not zero: one spelling for each value.
bool decode_base32(std::string_view text, std::span<std::uint8_t> bytes) noexcept;

}  // namespace beta::model
