#include "beta/model/base32.hpp"

#include <optional>

namespace beta::model {
namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";

std::optional<std::uint8_t> value_of(char c) noexcept {
    if (c >= 'a' && c <= 'z')
        return static_cast<std::uint8_t>(c - 'a');
    if (c >= '2' && c <= '7')
        return static_cast<std::uint8_t>(c - '2' + 26);
    return std::nullopt;
}

}  // namespace

std::string base32(std::span<const std::uint8_t> bytes) {
    std::string text;
    text.reserve((bytes.size() * 8 + 4) / 5);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        for (held += 8; held >= 5; held -= 5)
            text += alphabet[(bits >> (held - 5)) & 31];
    }
    if (held > 0)
        text += alphabet[(bits << (5 - held)) & 31];
    return text;
}

bool decode_base32(std::string_view text, std::span<std::uint8_t> bytes) noexcept {
    if (text.size() != (bytes.size() * 8 + 4) / 5)
        return false;
    std::uint32_t bits = 0;
    unsigned held = 0;
    std::size_t next = 0;
    for (const char c : text) {
        const auto value = value_of(c);
        if (!value)
            return false;
        bits = (bits << 5) | *value;
        held += 5;
        if (held >= 8) {
            held -= 8;
            bytes[next++] = static_cast<std::uint8_t>(bits >> held);
        }
    }
    return (bits & ((1u << held) - 1)) == 0;
}

}  // namespace beta::model
