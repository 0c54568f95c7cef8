#include "beta/socks/fault.hpp"

#include <array>
#include <cstddef>

namespace beta::socks {
namespace {

using model::Failure;

constexpr std::array<FaultFacts, static_cast<std::size_t>(Fault::count_)> table{{
    {"ok", Failure::none, "connected"},
    {"general", Failure::socks_general,
     "tor reports a general failure: often a closed port behind the onion service"},
    {"ruleset", Failure::socks_ruleset, "tor's own rules forbid this connection"},
    {"unreachable", Failure::socks_unreachable, "tor reports the network unreachable"},
    {"unreachable", Failure::socks_unreachable, "tor reports the host unreachable"},
    {"refused", Failure::socks_refused, "the service refused the connection: unknown virtual port"},
    {"ttl", Failure::socks_ttl, "tor gave up waiting for the destination"},
    {"general", Failure::socks_general, "the SOCKS port does not support CONNECT"},
    {"general", Failure::socks_general, "the SOCKS port does not support domain names"},
    {"desc_not_found", Failure::descriptor_not_found,
     "the onion service has published no descriptor"},
    {"desc_invalid", Failure::descriptor_invalid, "the onion service's descriptor is invalid"},
    {"intro_failed", Failure::introduction_failed, "introduction to the onion service failed"},
    {"rend_failed", Failure::rendezvous_failed, "rendezvous with the onion service failed"},
    {"auth_missing", Failure::client_auth_missing,
     "the onion service wants client authorisation and tor holds no key for it"},
    {"auth_wrong", Failure::client_auth_wrong,
     "the onion service does not accept tor's client authorisation key"},
    {"bad_address", Failure::onion_address_bad, "tor holds the onion address to be malformed"},
    {"intro_timeout", Failure::introduction_timeout, "introduction to the onion service timed out"},
    {"general", Failure::socks_general, "tor answered with an unknown reply code"},
    {"socks_garbage", Failure::tor_unreachable, "the SOCKS port does not accept user and password"},
    {"socks_garbage", Failure::tor_unreachable, "the SOCKS port refused user and password"},
    {"socks_garbage", Failure::tor_unreachable, "the SOCKS port does not speak SOCKS5"},
    {"socks_garbage", Failure::tor_unreachable, "the SOCKS port sent more than was due"},
    {"socks_garbage", Failure::tor_unreachable,
     "an HTTP server answers on the SOCKS port: tor.socks names the wrong port"},
    {"socks_unreachable", Failure::tor_unreachable, "the SOCKS port closed during the handshake"},
}};

}  // namespace

const FaultFacts& facts(Fault fault) noexcept {
    return table[static_cast<std::size_t>(fault)];
}

Fault fault_of_reply(std::uint8_t code) noexcept {
    constexpr std::uint8_t first_extended = 0xF0;
    constexpr std::uint8_t last_extended = 0xF7;
    constexpr std::uint8_t last_standard = 0x08;
    const auto after = [](Fault base, unsigned steps) {
        return static_cast<Fault>(static_cast<unsigned>(base) + steps);
    };
    if (code <= last_standard)
        return after(Fault::none, code);
    if (code >= first_extended && code <= last_extended)
        return after(Fault::descriptor_not_found, code - first_extended);
    return Fault::unknown_reply;
}

}  // namespace beta::socks
