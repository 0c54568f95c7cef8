#include "beta/model/onion_address.hpp"

#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::model {
namespace {

TEST_CASE("an onion address inside a message is cut to four characters") {
    const std::string onion = support::make_onion(7);
    const std::string four = onion.substr(0, 4);
    CHECK(redact_onions(onion) == four + "….onion");
    CHECK(redact_onions("unknown key \"" + onion + "\"; twice: " + onion + ':') ==
          "unknown key \"" + four + "….onion\"; twice: " + four + "….onion:");
}

TEST_CASE("an address that lost its suffix, a character or its case is cut too") {
    const std::string onion = support::make_onion(7);
    const std::string four = onion.substr(0, 4);
    CHECK(redact_onions(onion.substr(0, 56)) == four + "…");
    CHECK(redact_onions(onion.substr(0, 40)) == four + "…");
    CHECK(redact_onions(onion.substr(0, 50) + "1.onion") == four + "….onion");
    CHECK(redact_onions("EXPYUZZ4WQQYQHJN.ONION") == "EXPY….ONION");
    CHECK(redact_onions("www." + onion) == "www." + four + "….onion");
}

TEST_CASE("ordinary words and what is redacted already stay as they are") {
    for (const std::string text :
         {"", "service \"tron-payment\" ends in \".onion\"", "abcd….onion", "abcd.onion",
          "abcde.onio", "a-name-of-more-than-forty-characters-with-dashes"}) {
        CAPTURE(text);
        CHECK(redact_onions(text) == text);
    }
}

}  // namespace
}  // namespace beta::model
