// Relay: addresses of the Tor network, and the port there, that tor may be let out to.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::proof {

enum class RelayError : std::uint8_t { not_an_address, bad_prefix, too_wide, is_dns };

std::string_view sentence(RelayError error) noexcept;

class Relay {
  public:
    /// "198.51.100.7:443", "198.51.100.0/24:9001", "[2001:db8::7]:443" or "[2001:db8::/32]:443".
    static std::expected<Relay, RelayError> parse(std::string_view text);

    const std::string& cidr() const noexcept { return cidr_; }
    std::uint16_t port() const noexcept { return port_; }

  private:
    Relay(std::string cidr, std::uint16_t port) : cidr_(std::move(cidr)), port_(port) {}

    std::string cidr_;
    std::uint16_t port_;
};

}  // namespace beta::proof
