// OnionAddress: a version 3 onion address, checked (rend-spec-v3 §6), redacted when printed.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace beta::model {

enum class OnionError : std::uint8_t {
    not_onion,     // does not end in ".onion"
    subdomain,     // something stands before the 56 characters
    bad_length,    // not 56 base32 characters (a version 2 address has 16)
    bad_base32,    // not of a to z and 2 to 7
    bad_version,   // the last byte is not 3
    bad_checksum,  // SHA3-256(".onion checksum" | key | version) differs
    zero_key,      // the all-zero key, which nobody can hold
};

std::string_view sentence(OnionError error) noexcept;

class OnionAddress {
  public:
    /// Accepts upper case, keeps lower case. No trailing dot, no port, no subdomain.
    static std::expected<OnionAddress, OnionError> parse(std::string_view text);

    /// Of the service whose public key that is.
    static OnionAddress of(std::span<const std::uint8_t, 32> key);

    /// The whole address, "….onion". The name says what the caller is about to disclose.
    const std::string& disclose() const noexcept { return text_; }
    /// First four characters and "….onion": enough to tell two apart in a log.
    std::string redacted() const;

    auto operator<=>(const OnionAddress&) const = default;

  private:
    explicit OnionAddress(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

/// `text` with everything that could be an onion address, whole or mistyped, cut to four
/// characters: for messages that quote what a person wrote.
std::string redact_onions(std::string_view text);

std::ostream& operator<<(std::ostream& out, const OnionAddress& address);  // redacted

}  // namespace beta::model
