#include "beta/model/client_key.hpp"

#include "beta/model/base32.hpp"

#include <algorithm>

namespace beta::model {
namespace {

constexpr std::string_view start = "descriptor:x25519:";
constexpr std::string_view for_tor = "x25519:";
constexpr std::size_t most_clients = 256;  // a descriptor holds them all, in at most 50 kB

std::string_view without_end_of_line(std::string_view line) noexcept {
    if (line.ends_with('\n'))
        line.remove_suffix(1);
    return line;
}

bool decode(std::string_view line, std::span<std::uint8_t> key) noexcept {
    return line.starts_with(start) && decode_base32(line.substr(start.size()), key);
}

}  // namespace

std::expected<ClientKey, std::string_view> ClientKey::parse(std::string_view text) {
    SecretKey secret;
    if (!decode(without_end_of_line(text), secret.bytes()))
        return std::unexpected(
            "this is not the one line \"descriptor:x25519:\" and 52 characters "
            "of base32, as `beta-sidecar onion client-key` makes it");
    return ClientKey(secret);
}

std::string ClientKey::public_line() const {
    return std::string(start) + base32(x25519_public(secret_));
}

SecretText ClientKey::disclose_line() const {
    const SecretText key(base32(secret_.bytes()));
    std::string text;
    text.reserve(start.size() + key.disclose().size() + 1);  // no copy is left behind
    return SecretText(std::move(text.append(start).append(key.disclose()).append(1, '\n')));
}

SecretText ClientKey::disclose_for_tor() const {
    // base64 of 32 bytes ends in padding, which tor takes with it or without.
    const SecretText key = base64(secret_.bytes());
    std::string text;
    text.reserve(for_tor.size() + key.disclose().size());
    return SecretText(std::move(text.append(for_tor).append(key.disclose())));
}

std::expected<std::vector<std::string>, std::string> parse_clients(std::string_view text) {
    std::vector<std::string> keys;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = std::min(text.find('\n'), text.size() - 1);
        const auto line = without_end_of_line(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
        if (line.empty() || line.starts_with('#'))
            continue;
        PublicKey key;
        if (!decode(line, key))
            return std::unexpected("line " + std::to_string(number) +
                                   " is not \"descriptor:x25519:\" and 52 characters of base32, a "
                                   "caller's public key");
        if (keys.size() == most_clients)
            return std::unexpected("more than " + std::to_string(most_clients) + " callers");
        keys.push_back(base32(key));
    }
    return keys;
}

}  // namespace beta::model
