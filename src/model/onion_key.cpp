#include "beta/model/onion_key.hpp"

#include <algorithm>

namespace beta::model {
namespace {

constexpr std::string_view head = "-----BEGIN PRIVATE KEY-----\n";
constexpr std::string_view tail = "\n-----END PRIVATE KEY-----\n";

// RFC 8410 §7: a sequence of version 0, the algorithm 1.3.101.112, and the seed in two octet
// strings. Only the seed differs from key to key.
constexpr std::uint8_t prefix[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                   0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};
constexpr std::size_t seed_length = 32;
using Pkcs8 = Secret<sizeof(prefix) + seed_length>;

}  // namespace

std::expected<OnionKey, std::string_view> OnionKey::parse(std::string_view pem) {
    Pkcs8 der;
    if (!pem.starts_with(head) || !pem.ends_with(tail) || pem.size() < head.size() + tail.size() ||
        !decode_base64(pem.substr(head.size(), pem.size() - head.size() - tail.size()),
                       der.bytes()))
        return std::unexpected(
            "this is no PEM file of one Ed25519 private key (PRIVATE KEY, not "
            "encrypted), as `beta-sidecar onion new` makes it");
    if (!std::ranges::equal(der.bytes().first<sizeof(prefix)>(), prefix))
        return std::unexpected("the key in this file is not of Ed25519");
    SecretKey seed;
    std::ranges::copy(der.bytes().last<seed_length>(), seed.bytes().begin());
    return OnionKey(seed);
}

OnionAddress OnionKey::address() const {
    return OnionAddress::of(ed25519_public(seed_));
}

SecretText OnionKey::disclose_pem() const {
    Pkcs8 der;
    const auto seed = std::ranges::copy(prefix, der.bytes().begin()).out;
    std::ranges::copy(seed_.bytes(), seed);
    const SecretText body = base64(der.bytes());
    std::string text;
    text.reserve(head.size() + body.disclose().size() + tail.size());  // no copy is left behind
    return SecretText(std::move(text.append(head).append(body.disclose()).append(tail)));
}

SecretText OnionKey::disclose_for_tor() const {
    const SecretText blob = base64(ed25519_expand(seed_).bytes());
    constexpr std::string_view kind = "ED25519-V3:";
    std::string text;
    text.reserve(kind.size() + blob.disclose().size());
    return SecretText(std::move(text.append(kind).append(blob.disclose())));
}

}  // namespace beta::model
