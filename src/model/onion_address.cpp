#include "beta/model/onion_address.hpp"

#include "beta/model/base32.hpp"
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

Digest checksum_of(std::span<const std::uint8_t> key) {
    std::string hashed = ".onion checksum";
    hashed.append(key.begin(), key.end());
    hashed += static_cast<char>(version);
    return sha3_256(hashed);
}

std::optional<OnionError> check(const Raw& raw) {
    const std::span bytes(raw);
    const auto key = bytes.first<key_length>();
    const auto checksum = bytes.subspan<key_length, checksum_length>();
    if (bytes.back() != version)
        return OnionError::bad_version;
    const Digest digest = checksum_of(key);
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
    Raw raw{};
    if (!decode_base32(label, raw))
        return std::unexpected(OnionError::bad_base32);
    if (const auto error = check(raw))
        return std::unexpected(*error);
    return OnionAddress(std::move(address));
}

OnionAddress OnionAddress::of(std::span<const std::uint8_t, 32> key) {
    Raw raw{};
    const auto checksum = checksum_of(key);
    const auto after_key = std::ranges::copy(key, raw.begin()).out;
    std::ranges::copy_n(checksum.begin(), checksum_length, after_key);
    raw.back() = version;
    return OnionAddress(base32(raw).append(suffix));
}

std::string OnionAddress::redacted() const {
    return text_.substr(0, 4) + "….onion";
}

std::ostream& operator<<(std::ostream& out, const OnionAddress& address) {
    return out << address.redacted();
}

}  // namespace beta::model
