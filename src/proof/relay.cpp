#include "beta/proof/relay.hpp"

#include "beta/model/endpoint.hpp"

#include <charconv>

namespace beta::proof {
namespace {

constexpr std::uint16_t dns = 53;
constexpr std::uint16_t dns_by_tls = 853;
/// What is wider is no relay and no network of relays, and would take in private addresses.
constexpr unsigned widest_v4 = 8;
constexpr unsigned widest_v6 = 16;

/// The bits of a prefix, written in one way.
bool read_bits(std::string_view text, unsigned& bits) noexcept {
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, bits);
    return error == std::errc{} && stopped == end && (text == "0" || !text.starts_with('0'));
}

}  // namespace

std::string_view sentence(RelayError error) noexcept {
    switch (error) {
        case RelayError::not_an_address:
            return "a relay is an IP address, or a network, with a port: 198.51.100.7:443, "
                   "198.51.100.0/24:9001 or [2001:db8::/32]:443";
        case RelayError::bad_prefix:
            return "a prefix is a number of bits, at most 32, or 128 of IPv6";
        case RelayError::too_wide:
            return "a network of relays has a prefix of at least 8 bits, or 16 of IPv6";
        case RelayError::is_dns:
            return "port 53 and 853 are those of DNS, which nobody here may speak";
    }
    return "not a relay";
}

std::expected<Relay, RelayError> Relay::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto after = text.find_first_of("]:", slash == text.npos ? text.size() : slash);
    if (slash != text.npos && after == text.npos)
        return std::unexpected(RelayError::not_an_address);
    const auto whole = slash == text.npos
                           ? std::string(text)
                           : std::string(text.substr(0, slash)).append(text.substr(after));
    const auto address = model::Endpoint::parse(whole);
    if (!address || address->kind() == model::Endpoint::Kind::unix_path || address->port() == 0)
        return std::unexpected(RelayError::not_an_address);
    const bool is_v4 = address->kind() == model::Endpoint::Kind::ipv4;
    const unsigned most = is_v4 ? 32 : 128;
    unsigned bits = most;
    if (slash != text.npos &&
        (!read_bits(text.substr(slash + 1, after - slash - 1), bits) || bits > most))
        return std::unexpected(RelayError::bad_prefix);
    if (bits < (is_v4 ? widest_v4 : widest_v6))
        return std::unexpected(RelayError::too_wide);
    if (address->port() == dns || address->port() == dns_by_tls)
        return std::unexpected(RelayError::is_dns);
    return Relay(address->host() + '/' + std::to_string(bits), address->port());
}

}  // namespace beta::proof
