// Curve25519: public keys of secret ones, by OpenSSL: Ed25519 (RFC 8032) names an onion service,
// X25519 (RFC 7748) one of its clients.
#pragma once

#include "beta/model/secret.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace beta::model {

using SecretKey = Secret<32>;
using PublicKey = std::array<std::uint8_t, 32>;

/// Like a hash, these end the process where OpenSSL cannot: no memory, no provider.
PublicKey ed25519_public(const SecretKey& seed);
PublicKey x25519_public(const SecretKey& secret);
/// RFC 8032 §5.1.5: SHA-512 of the seed, its first half clamped to a scalar. Tor wants a service's
/// secret in this form (rend-spec-v3, "ED25519-V3").
Secret<64> ed25519_expand(const SecretKey& seed);

/// RFC 4648 §4 with padding, as tor's control port takes keys.
SecretText base64(std::span<const std::uint8_t> secret);
/// Fills `bytes` from exactly as many characters as they need; false for anything else. The size
/// is a multiple of 3, so that there is one spelling.
bool decode_base64(std::string_view text, std::span<std::uint8_t> bytes);

}  // namespace beta::model
