#include "beta/model/client_key.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::model {
namespace {

// RFC 7748 §6.1, Alice's keys, in base32 and base64.
const std::string secret_line =
    "descriptor:x25519:o4dw2cttdcsx2pawyfzfdmtgixpuyl4h5pajskvro752khnzfqva\n";
const std::string public_line =
    "descriptor:x25519:quqpacmjgctvi5elpxolipxxlig36oqney4bv5hlusuy5ku3jzva";

TEST_CASE("a caller's key has its public key for the service's list") {
    const auto key = ClientKey::parse(secret_line);
    REQUIRE(key);
    CHECK(key->public_line() == public_line);
    CHECK(key->disclose_line().disclose() == secret_line);
    CHECK(key->disclose_for_tor().disclose() ==
          "x25519:dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=");
}

TEST_CASE("a caller's key is one line and nothing else") {
    for (const std::string& text :
         {std::string{}, secret_line + secret_line, "x" + secret_line, secret_line + "\n",
          secret_line.substr(0, 60), std::string("descriptor:ed25519:") + secret_line.substr(18)}) {
        CAPTURE(text);
        const auto key = ClientKey::parse(text);
        REQUIRE_FALSE(key);
        CHECK(key.error().find("o4dw") == std::string_view::npos);
    }
}

TEST_CASE("a list of callers has a key on each line, notes and empty lines besides") {
    const auto keys = parse_clients("# api-gateway\n" + public_line + "\n\n" + public_line);
    REQUIRE(keys);
    CHECK(*keys == std::vector<std::string>(2, public_line.substr(18)));
    CHECK(parse_clients("")->empty());
    const auto wrong = parse_clients(public_line + "\n " + public_line + "\n");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().starts_with("line 2 "));
    std::string many;
    for (int i = 0; i < 257; ++i)
        many += public_line + "\n";
    CHECK_FALSE(parse_clients(many));
}

}  // namespace
}  // namespace beta::model
