// Digest: the only place that hashes. SHA-256, SHA3-256, HMAC-SHA-256 and (for a handshake that
// asks for it) SHA-1, all by OpenSSL's EVP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::model {

using Digest = std::array<std::uint8_t, 32>;
using Sha1 = std::array<std::uint8_t, 20>;

/// A hash that cannot be computed (no memory, no provider) ends the process: every caller's safety
/// rests on it, and none could go on.
Digest sha256(std::string_view bytes);
Digest sha3_256(std::string_view bytes);
Digest hmac_sha256(std::string_view key, std::string_view bytes);
/// For RFC 6455's handshake alone, where it is no secret and no proof.
Sha1 sha1(std::string_view bytes);

/// 64 lower-case hex digits.
std::string hex(const Digest& digest);
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256_hex(std::string_view key, std::string_view bytes);

}  // namespace beta::model
