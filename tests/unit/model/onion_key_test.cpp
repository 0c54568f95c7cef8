#include "beta/model/onion_key.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::model {
namespace {

// The secret key of RFC 8032 §7.1, test 1, as `openssl pkey` prints it.
const std::string known =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";

OnionKey known_key() {
    auto key = OnionKey::parse(known);
    REQUIRE(key);
    return *key;
}

TEST_CASE("a key has the address that tor 0.4.9.11 gave it after ADD_ONION") {
    CHECK(known_key().address().disclose() ==
          "25njqamcweflpvkl73j4szahhihoc4xt3ktcgjnpaingr5yhkenl5sid.onion");
    CHECK(known_key().disclose_for_tor().disclose() ==
          "ED25519-V3:MHyDhk8oM8tCei7xwAoBPP3/J2jZgMCjpSDwBpBN6U+bTwr+"
          "KAt0aneGhOdUQlAgV7dHOgPwj5b1o46Sh+Afjw==");
}

TEST_CASE("the address of any key is one that the directory takes") {
    for (unsigned value = 0; value < 100; ++value) {
        SecretKey seed;
        seed.bytes()[7] = static_cast<std::uint8_t>(value);
        const OnionKey key(seed);
        CHECK(OnionAddress::parse(key.address().disclose()) == key.address());
        const auto again = OnionKey::parse(key.disclose_pem().disclose());
        REQUIRE(again);
        CHECK(again->address() == key.address());
    }
}

TEST_CASE("a key is written as it was read") {
    CHECK(known_key().disclose_pem().disclose() == known);
}

TEST_CASE("only one unencrypted Ed25519 key is a key, and the error shows none of it") {
    const std::string x25519 =
        "-----BEGIN PRIVATE KEY-----\n"
        "MC4CAQAwBQYDK2VuBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
        "-----END PRIVATE KEY-----\n";
    std::string other_kind = known;
    other_kind.replace(other_kind.find("PRIVATE"), 7, "ENCRYPTED PRIVATE");
    for (const std::string& text :
         {std::string{}, std::string{"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"},
          x25519, other_kind, known + known, known + "\n", " " + known,
          known.substr(0, known.size() - 1), std::string(known).replace(40, 1, "!"),
          std::string(64, '\0'), std::string("== ed25519v1-secret: type0 ==")}) {
        CAPTURE(text);
        const auto key = OnionKey::parse(text);
        REQUIRE_FALSE(key);
        CHECK(key.error().find("J1hsZ3v") == std::string_view::npos);
    }
}

}  // namespace
}  // namespace beta::model
