// OnionKey, ClientKey, ClientPublicKey: keys that pass through the control port. The secret ones
// are never printed.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::torctl {

enum class KeyError : std::uint8_t {
    not_onion_key,          // 64 bytes in base64
    not_client_key,         // 32 bytes in base64
    not_client_public_key,  // 32 bytes in base32
};

std::string_view sentence(KeyError error) noexcept;

/// An onion service's ed25519 key as ADD_ONION takes and gives it: the expanded secret in base64
/// (control-spec §3.27).
class OnionKey {
  public:
    /// "ED25519-V3:" may stand before it, as in tor's answer.
    static std::expected<OnionKey, KeyError> parse(std::string_view text);
    /// The base64 itself. The name says what the caller is about to disclose.
    const std::string& disclose() const noexcept { return base64_; }

    bool operator==(const OnionKey&) const = default;

  private:
    explicit OnionKey(std::string_view base64) : base64_(base64) {}
    std::string base64_;
};

/// An x25519 secret by which tor, as a client, opens a service's descriptor (control-spec §3.30).
class ClientKey {
  public:
    /// "x25519:" may stand before it.
    static std::expected<ClientKey, KeyError> parse(std::string_view text);
    const std::string& disclose() const noexcept { return base64_; }

    bool operator==(const ClientKey&) const = default;

  private:
    explicit ClientKey(std::string_view base64) : base64_(base64) {}
    std::string base64_;
};

/// The public half, which a service authorises: 52 characters of base32 (rend-spec-v3 §G.1.2).
class ClientPublicKey {
  public:
    /// "descriptor:x25519:" may stand before it; case does not matter.
    static std::expected<ClientPublicKey, KeyError> parse(std::string_view text);
    const std::string& text() const noexcept { return base32_; }

    bool operator==(const ClientPublicKey&) const = default;

  private:
    explicit ClientPublicKey(std::string base32) : base32_(std::move(base32)) {}
    std::string base32_;
};

}  // namespace beta::torctl
