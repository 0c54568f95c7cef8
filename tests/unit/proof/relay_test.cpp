#include "beta/proof/relay.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {

TEST_CASE("a relay is an address or a network with a port, in one spelling") {
    struct Row {
        const char* text;
        const char* cidr;
        std::uint16_t port;
    };
    const auto row = GENERATE(values<Row>({
        {"198.51.100.7:443", "198.51.100.7/32", 443},
        {"198.51.100.0/24:9001", "198.51.100.0/24", 9001},
        {"10.0.0.0/8:1", "10.0.0.0/8", 1},
        {"[2001:DB8::7]:443", "2001:db8::7/128", 443},
        {"[2001:db8::/32]:65535", "2001:db8::/32", 65535},
    }));
    DYNAMIC_SECTION(row.text) {
        const auto relay = Relay::parse(row.text);
        REQUIRE(relay);
        CHECK(relay->cidr() == row.cidr);
        CHECK(relay->port() == row.port);
    }
}

TEST_CASE("what is no relay is refused, and so are DNS and half the world") {
    struct Row {
        const char* text;
        RelayError error;
    };
    const auto row = GENERATE(values<Row>({
        {"", RelayError::not_an_address},
        {"198.51.100.7", RelayError::not_an_address},
        {"198.51.100.7/32", RelayError::not_an_address},
        {"198.51.100.7:0", RelayError::not_an_address},
        {"relay.example:443", RelayError::not_an_address},
        {"unix:/run/tor:1", RelayError::not_an_address},
        {"unix:/run/tor/socks", RelayError::not_an_address},
        {"198.51.100.0/33:443", RelayError::bad_prefix},
        {"198.51.100.0/:443", RelayError::bad_prefix},
        {"198.51.100.0/024:443", RelayError::bad_prefix},
        {"198.51.100.0/-1:443", RelayError::bad_prefix},
        {"[2001:db8::/129]:443", RelayError::bad_prefix},
        {"0.0.0.0/0:443", RelayError::too_wide},
        {"8.0.0.0/7:443", RelayError::too_wide},
        {"[2000::/3]:443", RelayError::too_wide},
        {"198.51.100.7:53", RelayError::is_dns},
        {"198.51.100.7:853", RelayError::is_dns},
    }));
    DYNAMIC_SECTION(row.text) {
        const auto relay = Relay::parse(row.text);
        REQUIRE_FALSE(relay);
        CHECK(relay.error() == row.error);
        CHECK_FALSE(sentence(relay.error()).empty());
    }
}

}  // namespace beta::proof::test
