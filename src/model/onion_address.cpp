#include "beta/model/onion_address.hpp"

#include "beta/model/digest.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>
#include <span>

// rend-spec-v3 §6: onion_address = base32(PUBKEY | CHECKSUM | VERSION) + ".onion"
//                  CHECKSUM = SHA3-256(".onion checksum" | PUBKEY | VERSION)[:2]
namespace beta::model {
namespace {

constexpr std::string_view suffix = ".onion";
constexpr std::size_t label_length = 56;
constexpr std::size_t key_length = 32;
constexpr std::size_t checksum_length = 2;
constexpr std::uint8_t version = 3;

using Raw = std::array<std::uint8_t, key_length + checksum_length + 1>;
static_assert(Raw{}.size() * 8 == label_length * 5, "base32 leaves no spare bit to check");

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::optional<std::uint8_t> base32_value(char c) noexcept {
    if (c >= 'a' && c <= 'z')
        return static_cast<std::uint8_t>(c - 'a');
    if (c >= '2' && c <= '7')
        return static_cast<std::uint8_t>(c - '2' + 26);
    return std::nullopt;
}

/// RFC 4648 §6, without padding: 56 characters are exactly 35 bytes.
std::optional<Raw> decode(std::string_view label) noexcept {
    Raw raw{};
    std::uint32_t bits = 0;
    unsigned held = 0;
    std::size_t next = 0;
    for (const char c : label) {
        const auto value = base32_value(c);
        if (!value)
            return std::nullopt;
        bits = (bits << 5) | *value;
        held += 5;
        if (held >= 8) {
            held -= 8;
            raw.at(next++) = static_cast<std::uint8_t>(bits >> held);
        }
    }
    return raw;
}

std::optional<OnionError> check(const Raw& raw) {
    const std::span bytes(raw);
    const auto key = bytes.first<key_length>();
    const auto checksum = bytes.subspan<key_length, checksum_length>();
    if (bytes.back() != version)
        return OnionError::bad_version;
    std::string hashed = ".onion checksum";
    hashed.append(key.begin(), key.end());
    hashed += static_cast<char>(version);
    const Digest digest = sha3_256(hashed);
    if (!std::ranges::equal(std::span(digest).first<checksum_length>(), checksum))
        return OnionError::bad_checksum;
    if (std::ranges::all_of(key, [](std::uint8_t byte) { return byte == 0; }))
        return OnionError::zero_key;
    return std::nullopt;
}

}  // namespace

std::string_view sentence(OnionError error) noexcept {
    switch (error) {
        case OnionError::not_onion:
            return "an onion address ends in \".onion\"";
        case OnionError::subdomain:
            return "nothing may stand before the 56 characters of an onion address";
        case OnionError::bad_length:
            return "a version 3 onion address has 56 characters before \".onion\" (version 2, with "
                   "16, is gone from Tor)";
        case OnionError::bad_base32:
            return "an onion address consists of the letters a to z and the digits 2 to 7";
        case OnionError::bad_version:
            return "this onion address does not say that it is of version 3";
        case OnionError::bad_checksum:
            return "the checksum of this onion address is wrong: a character was lost or mistyped";
        case OnionError::zero_key:
            return "this onion address holds the all-zero key, which nobody can own";
    }
    return "not an onion address";
}

std::expected<OnionAddress, OnionError> OnionAddress::parse(std::string_view text) {
    std::string address = lower_case(text);
    if (!address.ends_with(suffix))
        return std::unexpected(OnionError::not_onion);
    const auto label = std::string_view(address).substr(0, address.size() - suffix.size());
    if (label.contains('.'))
        return std::unexpected(OnionError::subdomain);
    if (label.size() != label_length)
        return std::unexpected(OnionError::bad_length);
    const auto raw = decode(label);
    if (!raw)
        return std::unexpected(OnionError::bad_base32);
    if (const auto error = check(*raw))
        return std::unexpected(*error);
    return OnionAddress(std::move(address));
}

std::string OnionAddress::redacted() const {
    return text_.substr(0, 4) + "….onion";
}

std::ostream& operator<<(std::ostream& out, const OnionAddress& address) {
    return out << address.redacted();
}

}  // namespace beta::model
