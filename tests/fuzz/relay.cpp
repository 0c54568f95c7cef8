// What parse() accepts is a fixed point of it, never at a port of DNS.
#include "beta/proof/relay.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using beta::proof::Relay;
    const auto relay = Relay::parse({reinterpret_cast<const char*>(data), size});
    if (!relay) {
        if (beta::proof::sentence(relay.error()).empty())
            std::abort();
        return 0;
    }
    const bool is_v6 = relay->cidr().contains(':');
    const auto network = is_v6 ? '[' + relay->cidr() + ']' : relay->cidr();
    const auto again = Relay::parse(network + ':' + std::to_string(relay->port()));
    if (!again || again->cidr() != relay->cidr() || again->port() != relay->port())
        std::abort();
    if (relay->port() == 53 || relay->port() == 853 || relay->port() == 0)
        std::abort();
    return 0;
}
