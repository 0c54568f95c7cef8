#include "beta/torctl/onion_keys.hpp"

#include <algorithm>

namespace beta::torctl {
namespace {

bool is_alphanumeric(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string_view without(std::string_view text, std::string_view prefix) noexcept {
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

/// So many bytes and no others, in base64 with its padding (RFC 4648 §4).
bool is_base64_of(std::string_view text, std::size_t bytes) noexcept {
    const std::size_t padding = (3 - bytes % 3) % 3;
    if (text.size() != (bytes + 2) / 3 * 4)
        return false;
    const auto digits = text.substr(0, text.size() - padding);
    return text.substr(digits.size()) == std::string_view("==").substr(0, padding) &&
           std::ranges::all_of(digits,
                               [](char c) { return is_alphanumeric(c) || c == '+' || c == '/'; });
}

}  // namespace

std::string_view sentence(KeyError error) noexcept {
    switch (error) {
        case KeyError::not_onion_key:
            return "an onion service's key is 64 bytes in base64, 88 characters";
        case KeyError::not_client_key:
            return "a client's secret key is 32 bytes in base64, 44 characters";
        case KeyError::not_client_public_key:
            return "a client's public key is 32 bytes in base32, 52 characters";
    }
    return "unknown";
}

std::expected<OnionKey, KeyError> OnionKey::parse(std::string_view text) {
    const auto key = without(text, "ED25519-V3:");
    if (!is_base64_of(key, 64))
        return std::unexpected(KeyError::not_onion_key);
    return OnionKey(key);
}

std::expected<ClientKey, KeyError> ClientKey::parse(std::string_view text) {
    const auto key = without(text, "x25519:");
    if (!is_base64_of(key, 32))
        return std::unexpected(KeyError::not_client_key);
    return ClientKey(key);
}

std::expected<ClientPublicKey, KeyError> ClientPublicKey::parse(std::string_view text) {
    std::string key(without(text, "descriptor:x25519:"));
    std::ranges::transform(key, key.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    const bool fits = key.size() == 52 && std::ranges::all_of(key, [](char c) {
                          return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7');
                      });
    if (!fits)
        return std::unexpected(KeyError::not_client_public_key);
    return ClientPublicKey(std::move(key));
}

}  // namespace beta::torctl
