#include "beta/model/curve25519.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace beta::model {
namespace {

std::uint8_t digit(char c) {
    return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

template <class Bytes>
void fill(Bytes& bytes, std::string_view hex) {
    REQUIRE(hex.size() == bytes.size() * 2);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
}

SecretKey secret(std::string_view hex) {
    SecretKey key;
    auto bytes = key.bytes();
    fill(bytes, hex);
    return key;
}

PublicKey public_key(std::string_view hex) {
    PublicKey key;
    fill(key, hex);
    return key;
}

TEST_CASE("Ed25519 public keys are those of RFC 8032 §7.1") {
    CHECK(ed25519_public(
              secret("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")) ==
          public_key("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    CHECK(ed25519_public(
              secret("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")) ==
          public_key("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    CHECK(ed25519_public(
              secret("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")) ==
          public_key("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025"));
}

TEST_CASE("X25519 public keys are those of RFC 7748 §6.1") {
    CHECK(
        x25519_public(secret("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")) ==
        public_key("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    CHECK(
        x25519_public(secret("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")) ==
        public_key("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
}

TEST_CASE("an expanded secret is a scalar of the curve, whatever the seed") {
    for (unsigned value = 0; value < 256; ++value) {
        SecretKey seed;
        std::ranges::fill(seed.bytes(), static_cast<std::uint8_t>(value));
        const auto expanded = ed25519_expand(seed);
        const auto bytes = expanded.bytes();
        CHECK((bytes[0] & 7) == 0);
        CHECK((bytes[31] & 0xc0) == 0x40);
    }
}

TEST_CASE("base64 goes both ways and has one spelling") {
    const std::array<std::uint8_t, 6> bytes{0, 0xff, 0x3e, 0x7f, 1, 0x80};
    const auto text = base64(bytes);
    CHECK(text.disclose() == "AP8+fwGA");
    std::array<std::uint8_t, 6> back{};
    REQUIRE(decode_base64(text.disclose(), back));
    CHECK(back == bytes);
    for (const std::string_view bad :
         {"AP8+fwG", "AP8+fwGAA", "AP8+fwG=", "AP8+fw\nA", " P8+fwGA", "AP8-fwGA", "AP8+fw=="}) {
        CAPTURE(bad);
        CHECK_FALSE(decode_base64(bad, back));
    }
}

}  // namespace
}  // namespace beta::model
