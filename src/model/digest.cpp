#include "beta/model/digest.hpp"

#include <openssl/evp.h>

#include <exception>

namespace beta::model {
namespace {

template <class Out = Digest>
Out digest(const EVP_MD* algorithm, std::string_view bytes) {
    Out out{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &length, algorithm, nullptr) != 1 ||
        length != out.size())
        std::terminate();
    return out;
}

}  // namespace

Digest sha256(std::string_view bytes) {
    return digest(EVP_sha256(), bytes);
}

Digest sha3_256(std::string_view bytes) {
    return digest(EVP_sha3_256(), bytes);
}

Sha1 sha1(std::string_view bytes) {
    return digest<Sha1>(EVP_sha1(), bytes);
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
    // OpenSSL takes a null key for "the key of before", so an empty one still needs an address.
    const void* const key_bytes = key.empty() ? "" : key.data();
    const auto* const text = reinterpret_cast<const unsigned char*>(bytes.data());
    Digest out{};
    std::size_t length = 0;
    if (EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key_bytes, key.size(), text,
                  bytes.size(), out.data(), out.size(), &length) == nullptr ||
        length != out.size())
        std::terminate();
    return out;
}

std::string hex(const Digest& digest) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(digest.size() * 2);
    for (const std::uint8_t byte : digest) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

std::string sha256_hex(std::string_view bytes) {
    return hex(sha256(bytes));
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
    return hex(hmac_sha256(key, bytes));
}

}  // namespace beta::model
