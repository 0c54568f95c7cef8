#include "beta/model/digest.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::model {
namespace {

TEST_CASE("SHA-256 gives the examples of FIPS 180-4") {
    CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("SHA3-256 gives the examples of FIPS 202") {
    CHECK(hex(sha3_256("")) == "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
    CHECK(hex(sha3_256("abc")) ==
          "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
}

TEST_CASE("HMAC-SHA-256 gives the test vectors of RFC 4231") {
    CHECK(hmac_sha256_hex(std::string(20, '\x0b'), "Hi There") ==
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    CHECK(hmac_sha256_hex("Jefe", "what do ya want for nothing?") ==
          "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    CHECK(hmac_sha256_hex(std::string(131, '\xaa'),
                          "Test Using Larger Than Block-Size Key - Hash Key First") ==
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("an empty key and an empty message have an HMAC too") {
    CHECK(hmac_sha256_hex({}, {}) ==
          "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST_CASE("NUL bytes are hashed like any other") {
    CHECK(sha256({"a\0b", 3}) != sha256({"a\0c", 3}));
    CHECK(sha256({"a\0", 2}) != sha256("a"));
}

}  // namespace
}  // namespace beta::model
