#include "beta/model/onion_address.hpp"

#include "support/onion_maker.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <string>

namespace beta::model {
namespace {

using support::make_onion;

// The Tor Project's site, and the three examples of rend-spec-v3 §6.
constexpr std::string_view known[] = {
    "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion",
    "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion",
    "sp3k262uwy4r2k3ycr5awluarykdpag6a7y33jxop4cs2lu5uz5sseqd.onion",
    "xa4r2iadxm55fbnqgwwi5mymqdcofiu3w6rpbtqn7b2dyn7mgwj64jyd.onion",
};

OnionError error_of(std::string_view text) {
    const auto parsed = OnionAddress::parse(text);
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

TEST_CASE("published onion addresses are valid") {
    for (const std::string_view text : known) {
        CAPTURE(text);
        const auto address = OnionAddress::parse(text);
        REQUIRE(address);
        CHECK(address->disclose() == text);
    }
}

TEST_CASE("an address made from any key is valid") {
    for (std::uint32_t number = 0; number < 200; ++number)
        CHECK(OnionAddress::parse(make_onion(number)).has_value());
}

TEST_CASE("upper case is accepted and kept as lower case") {
    std::string upper(known[0]);
    std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return std::toupper(c); });
    const auto address = OnionAddress::parse(upper);
    REQUIRE(address);
    CHECK(*address == *OnionAddress::parse(known[0]));
    CHECK(address->disclose() == known[0]);
}

TEST_CASE("what does not end in .onion is not an onion address") {
    const std::string valid(known[0]);
    for (const std::string& text : {std::string{}, std::string{"onion"}, std::string{"example.com"},
                                    valid + ".", valid + ":80", valid + ".evil.com", valid + " ",
                                    valid.substr(0, 56), std::string(100'000, 'a')}) {
        CAPTURE(text.substr(0, 80));
        CHECK(error_of(text) == OnionError::not_onion);
    }
    CHECK(error_of(std::string(known[0]) + '\0') == OnionError::not_onion);
}

TEST_CASE("nothing may stand before the address, though tor would take it") {
    CHECK(error_of("www." + std::string(known[0])) == OnionError::subdomain);
    CHECK(error_of("." + std::string(known[0])) == OnionError::subdomain);
    CHECK(error_of("a..onion") == OnionError::subdomain);
}

TEST_CASE("any length but 56 is refused, that of version 2 too") {
    CHECK(error_of(".onion") == OnionError::bad_length);
    CHECK(error_of("expyuzz4wqqyqhjn.onion") == OnionError::bad_length);
    CHECK(error_of(std::string(known[0]).substr(1)) == OnionError::bad_length);
    CHECK(error_of("a" + std::string(known[0])) == OnionError::bad_length);
}

TEST_CASE("a character outside base32 is refused at every position") {
    for (std::size_t position = 0; position < 56; ++position) {
        for (const char c : {'0', '1', '8', '9', '=', '-', ' ', '\0', '\x80'}) {
            std::string text(known[0]);
            text[position] = c;
            CAPTURE(position, static_cast<int>(c));
            CHECK(error_of(text) == OnionError::bad_base32);
        }
    }
}

TEST_CASE("any version but 3 is refused") {
    support::OnionKey key{1};
    for (const int version : {0, 1, 2, 4, 255}) {
        CAPTURE(version);
        CHECK(error_of(make_onion(key, static_cast<std::uint8_t>(version))) ==
              OnionError::bad_version);
    }
}

TEST_CASE("one changed character breaks the checksum, wherever it stands") {
    for (std::size_t position = 0; position < 54; ++position) {
        std::string text(known[1]);
        text[position] = text[position] == 'a' ? 'b' : 'a';
        CAPTURE(position);
        CHECK(error_of(text) == OnionError::bad_checksum);
    }
    CHECK(error_of(make_onion(support::OnionKey{1}, 3, 0x80)) == OnionError::bad_checksum);
}

TEST_CASE("the all-zero key is refused though its checksum is right") {
    CHECK(error_of(make_onion(support::OnionKey{})) == OnionError::zero_key);
}

TEST_CASE("an onion address prints four characters and no more") {
    const auto address = OnionAddress::parse(known[0]);
    std::ostringstream out;
    out << *address;
    CHECK(out.str() == "2gzy….onion");
    CHECK(address->redacted() == out.str());
}

TEST_CASE("every onion error has a sentence of its own") {
    std::set<std::string_view> sentences;
    for (const auto error : {OnionError::not_onion, OnionError::subdomain, OnionError::bad_length,
                             OnionError::bad_base32, OnionError::bad_version,
                             OnionError::bad_checksum, OnionError::zero_key})
        sentences.insert(sentence(error));
    CHECK(sentences.size() == 7);
}

}  // namespace
}  // namespace beta::model
