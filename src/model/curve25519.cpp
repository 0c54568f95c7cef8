#include "beta/model/curve25519.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <exception>
#include <memory>

namespace beta::model {
namespace {

PublicKey public_of(int kind, const SecretKey& secret) {
    const auto bytes = secret.bytes();
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
        EVP_PKEY_new_raw_private_key(kind, nullptr, bytes.data(), bytes.size()), EVP_PKEY_free);
    PublicKey out{};
    std::size_t length = out.size();
    if (!key || EVP_PKEY_get_raw_public_key(key.get(), out.data(), &length) != 1 ||
        length != out.size())
        std::terminate();
    return out;
}

}  // namespace

PublicKey ed25519_public(const SecretKey& seed) {
    return public_of(EVP_PKEY_ED25519, seed);
}

PublicKey x25519_public(const SecretKey& secret) {
    return public_of(EVP_PKEY_X25519, secret);
}

Secret<64> ed25519_expand(const SecretKey& seed) {
    Secret<64> out;
    const auto bytes = out.bytes();
    unsigned int length = 0;
    if (EVP_Digest(seed.bytes().data(), seed.bytes().size(), bytes.data(), &length, EVP_sha512(),
                   nullptr) != 1 ||
        length != bytes.size())
        std::terminate();
    bytes[0] &= 248;
    bytes[31] &= 63;
    bytes[31] |= 64;
    return out;
}

SecretText base64(std::span<const std::uint8_t> secret) {
    std::string text((secret.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), secret.data(),
                    static_cast<int>(secret.size()));
    text.pop_back();
    return SecretText(std::move(text));
}

bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes) {
    // OpenSSL's decoder skips blanks and takes padding for zeros: neither gets that far.
    const bool is_plain = std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '+' || c == '/';
    });
    if (!is_plain || bytes.size() % 3 != 0 || text.size() != bytes.size() / 3 * 4)
        return false;
    return EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                           static_cast<int>(text.size())) == static_cast<int>(bytes.size());
}

}  // namespace beta::model
