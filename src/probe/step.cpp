#include "beta/probe/step.hpp"

#include <array>
#include <cstddef>

namespace beta::probe {
namespace {

using model::Failure;

constexpr std::array<std::string_view, static_cast<std::size_t>(Step::count_)> names{
    "name", "acl", "tor", "descriptor", "introduction", "rendezvous", "port", "tls", "app"};

}  // namespace

std::string_view name(Step step) noexcept {
    return names[static_cast<std::size_t>(step)];
}

/// Tor tells its steps apart by its extended replies only; a time that ran out may be any of them,
/// and counts as the first.
Step failed_at(Failure failure, bool greeting) noexcept {
    if (greeting)
        return Step::tls;
    switch (failure) {
        case Failure::descriptor_not_found:
        case Failure::descriptor_invalid:
        case Failure::client_auth_missing:
        case Failure::client_auth_wrong:
        case Failure::onion_address_bad:
        case Failure::socks_unreachable:
        case Failure::socks_ttl:
        case Failure::connect_timeout:
            return Step::descriptor;
        case Failure::introduction_failed:
        case Failure::introduction_timeout:
            return Step::introduction;
        case Failure::rendezvous_failed:
            return Step::rendezvous;
        case Failure::socks_general:
        case Failure::socks_refused:
            return Step::port;
        default:
            return Step::tor;
    }
}

std::string_view remedy(Failure failure) noexcept {
    switch (failure) {
        case Failure::tor_unreachable:
            return "start tor, or correct tor.socks";
        case Failure::descriptor_not_found:
            return "see that the service's tor runs and publishes it, and that the directory has "
                   "its address; it takes a minute after a start";
        case Failure::descriptor_invalid:
            return "see that nobody else publishes under the same key, and that the clocks agree";
        case Failure::client_auth_missing:
            return "name a key in tor.client_key, and its public half at the service";
        case Failure::client_auth_wrong:
            return "have the service add the public half of tor.client_key";
        case Failure::onion_address_bad:
            return "correct the address in the service directory";
        case Failure::introduction_failed:
        case Failure::introduction_timeout:
            return "see that the service's tor still runs; try again in a minute";
        case Failure::rendezvous_failed:
        case Failure::connect_timeout:
        case Failure::socks_unreachable:
        case Failure::socks_ttl:
            return "try again; if it stays so, see that both tors have a network";
        case Failure::socks_general:
        case Failure::socks_refused:
            return "see that the directory's port is the one that the onion service serves, and "
                   "that its sidecar listens behind it";
        case Failure::socks_ruleset:
            return "see the SocksPort line of tor's configuration";
        case Failure::peer_untrusted:
            return "compare the certificate of the service, its plane's authority in tls.ca, and "
                   "its entry in the directory";
        case Failure::certificate_refused:
            return "see the log of the other sidecar, and that it has our plane's authority";
        case Failure::tls_failed:
            return "see that a sidecar with `identity: certificate` stands behind the onion";
        default:
            return {};
    }
}

}  // namespace beta::probe
