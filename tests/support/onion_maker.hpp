// OnionMaker: valid onion addresses from keys, for tests only: the product never makes one.
#pragma once

#include "beta/model/digest.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::support {

using OnionKey = std::array<std::uint8_t, 32>;

/// rend-spec-v3 §6, with a version and a damage to the checksum of the caller's choice.
inline std::string make_onion(const OnionKey& key, std::uint8_t version = 3,
                              std::uint8_t checksum_damage = 0) {
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::string raw(key.begin(), key.end());
    const std::string hashed = ".onion checksum" + raw + static_cast<char>(version);
    const auto checksum = model::sha3_256(hashed);
    raw += static_cast<char>(checksum[0] ^ checksum_damage);
    raw += static_cast<char>(checksum[1]);
    raw += static_cast<char>(version);
    std::string text;
    for (std::size_t bit = 0; bit < raw.size() * 8; bit += 5) {
        unsigned value = 0;
        for (std::size_t i = bit; i < bit + 5; ++i)
            value = value * 2 + ((static_cast<unsigned char>(raw[i / 8]) >> (7 - i % 8)) & 1u);
        text += alphabet[value];
    }
    return text + ".onion";
}

/// A key of 28 bytes "B" and the number, so that any number has an address of its own.
inline std::string make_onion(std::uint32_t number) {
    OnionKey key;
    key.fill('B');
    for (std::size_t i = 0; i < 4; ++i)
        key[i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
    return make_onion(key);
}

}  // namespace beta::support
