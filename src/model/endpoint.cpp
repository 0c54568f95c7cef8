#include "beta/model/endpoint.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

namespace beta::model {
namespace {

using Kind = Endpoint::Kind;

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t longest_path = 107;  // unix(7): sun_path has 108 bytes, one is the NUL

/// inet_pton alone: it accepts no short, octal or hexadecimal form, and asks nobody. The canonical
/// text comes back, so that equal addresses are equal strings.
std::optional<std::string> canonical_ip(int family, std::string_view text) {
    std::array<unsigned char, sizeof(in6_addr)> binary{};
    if (text.contains('\0') || inet_pton(family, std::string(text).c_str(), binary.data()) != 1)
        return std::nullopt;
    std::array<char, INET6_ADDRSTRLEN> printed{};
    inet_ntop(family, binary.data(), printed.data(), printed.size());
    return std::string(printed.data());
}

/// One spelling per port: digits only, no sign, no leading zero.
std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
    std::uint16_t port = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stopped, error] = std::from_chars(begin, end, port);
    if (text.empty() || error != std::errc{} || stopped != end ||
        (text.size() > 1 && text.front() == '0'))
        return std::nullopt;
    return port;
}

struct HostPort {
    std::string_view host;
    std::string_view port;
    Kind kind;
};

/// Splits at the only colon, or at the one behind the bracket (RFC 3986 §3.2.2).
std::expected<HostPort, EndpointError> split(std::string_view text) noexcept {
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == text.npos)
            return std::unexpected(EndpointError::not_an_ip_literal);
        if (bracket + 1 == text.size() || text[bracket + 1] != ':')
            return std::unexpected(EndpointError::bad_port);
        return HostPort{text.substr(1, bracket - 1), text.substr(bracket + 2), Kind::ipv6};
    }
    const auto colon = text.find(':');
    if (colon == text.npos)
        return std::unexpected(EndpointError::bad_port);
    if (text.find(':', colon + 1) != text.npos)
        return std::unexpected(EndpointError::not_an_ip_literal);
    return HostPort{text.substr(0, colon), text.substr(colon + 1), Kind::ipv4};
}

}  // namespace

std::string_view sentence(EndpointError error) noexcept {
    switch (error) {
        case EndpointError::empty:
            return "an address must not be empty";
        case EndpointError::not_an_ip_literal:
            return "an address is an IP literal with a port (127.0.0.1:8080, [::1]:8080) or "
                   "unix:/path; host names are never resolved here";
        case EndpointError::bad_port:
            return "an address ends in a port from 0 to 65535, as in 127.0.0.1:8080";
        case EndpointError::path_too_long:
            return "the path of a unix socket is absolute and has at most 107 bytes";
    }
    return "not an address";
}

std::expected<Endpoint, EndpointError> Endpoint::parse(std::string_view text) {
    Endpoint endpoint;
    if (text.empty())
        return std::unexpected(EndpointError::empty);
    if (text.starts_with(unix_prefix)) {
        const auto path = text.substr(unix_prefix.size());
        if (path.empty())
            return std::unexpected(EndpointError::empty);
        if (!path.starts_with('/') || path.size() > longest_path || path.contains('\0'))
            return std::unexpected(EndpointError::path_too_long);
        endpoint.kind_ = Kind::unix_path;
        endpoint.host_ = path;
        return endpoint;
    }
    const auto parts = split(text);
    if (!parts)
        return std::unexpected(parts.error());
    auto host = canonical_ip(parts->kind == Kind::ipv6 ? AF_INET6 : AF_INET, parts->host);
    if (!host)
        return std::unexpected(EndpointError::not_an_ip_literal);
    const auto port = parse_port(parts->port);
    if (!port)
        return std::unexpected(EndpointError::bad_port);
    endpoint.kind_ = parts->kind;
    endpoint.host_ = std::move(*host);
    endpoint.port_ = *port;
    return endpoint;
}

bool Endpoint::is_loopback() const noexcept {
    switch (kind_) {
        case Kind::ipv4:
            return host_.starts_with("127.");
        case Kind::ipv6:
            return host_ == "::1";  // canonical text; ::ffff:127.0.0.1 is not counted, to be safe
        case Kind::unix_path:
            return true;
    }
    return false;
}

std::string Endpoint::str() const {
    switch (kind_) {
        case Kind::ipv4:
            return host_ + ':' + std::to_string(port_);
        case Kind::ipv6:
            return '[' + host_ + "]:" + std::to_string(port_);
        case Kind::unix_path:
            return std::string(unix_prefix) + host_;
    }
    return {};
}

}  // namespace beta::model
