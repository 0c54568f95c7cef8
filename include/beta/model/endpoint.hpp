// Endpoint: a local address from configuration: IP literal and port, or a unix socket path.
#pragma once

#include <compare>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace beta::model {

enum class EndpointError : std::uint8_t { empty, not_an_ip_literal, bad_port, path_too_long };

std::string_view sentence(EndpointError error) noexcept;

class Endpoint {
  public:
    enum class Kind : std::uint8_t { ipv4, ipv6, unix_path };

    /// "127.0.0.1:8080", "[::1]:8080" or "unix:/run/app.sock". Never a host name: nothing is
    /// resolved. Port 0 is allowed: "any free one" for a listener.
    static std::expected<Endpoint, EndpointError> parse(std::string_view text);

    Kind kind() const noexcept { return kind_; }
    /// The IP literal in its canonical spelling, without brackets, or the path.
    const std::string& host() const noexcept { return host_; }
    std::uint16_t port() const noexcept { return port_; }
    bool is_loopback() const noexcept;  // 127/8, ::1 and unix paths
    std::string str() const;            // as parse() takes it
    auto operator<=>(const Endpoint&) const = default;

  private:
    Kind kind_ = Kind::ipv4;
    std::string host_;
    std::uint16_t port_ = 0;
};

}  // namespace beta::model
