#include "beta/directory/host_name.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::directory {
namespace {

TEST_CASE("a public DNS name in lower case is a host outside") {
    const std::string label(63, 'a');
    const std::string longest =
        label + '.' + label + '.' + label + '.' + std::string(61, 'b');  // 253
    for (const std::string& host : {std::string{"api.trongrid.io"}, std::string{"a.b"},
                                    std::string{"1.example"}, std::string{"a1.0b"}, longest}) {
        CAPTURE(host);
        CHECK(objection_to_host(host).empty());
    }
    CHECK_FALSE(objection_to_host(longest + 'b').empty());
}

TEST_CASE("an IP address is not a host, in any spelling") {
    for (const std::string_view host :
         {"127.0.0.1", "10.0.0.1", "1.1.1.1", "2130706433", "0x7f000001", "0x7f.0.0.0x1",
          "0177.0.0.01", "127.1", "::1", "[::1]", "1.2.3.4.5", "example.0x", "a.123"}) {
        CAPTURE(host);
        CHECK_FALSE(objection_to_host(host).empty());
    }
}

TEST_CASE("local and special names are not hosts outside") {
    for (const std::string_view host : {"localhost", "a.localhost", "printer.local", "gateway",
                                        "metadata.google.internal", "x.localdomain"}) {
        CAPTURE(host);
        CHECK_FALSE(objection_to_host(host).empty());
    }
}

TEST_CASE("an onion belongs among the services") {
    CHECK(objection_to_host("abcdefgh.onion").find("services") != std::string_view::npos);
    CHECK(objection_to_host("abcdefgh.onion.evil.com").find("services") != std::string_view::npos);
    CHECK(objection_to_host("onion").find("services") != std::string_view::npos);
}

TEST_CASE("punycode hides what a reader would see") {
    CHECK(objection_to_host("xn--trngrid-1za.io").find("punycode") != std::string_view::npos);
    CHECK(objection_to_host("api.example.xn--p1ai").find("punycode") != std::string_view::npos);
}

TEST_CASE("what is not a DNS name in lower case is refused") {
    for (const std::string_view host :
         {"", ".", "a..b", ".a.b", "a.b.", "API.trongrid.io", "a_b.example", "-a.example",
          "a-.example", "a b.example", "a.example:443", "http://a.example", "a.example/x",
          "*.example.com", "a@b.example", "a.example\n", "\xc3\xa4.example"}) {
        CAPTURE(host);
        CHECK_FALSE(objection_to_host(host).empty());
    }
}

TEST_CASE("ordinary names of services and planes meet no objection") {
    for (const std::string_view name : {"tron-payment", "ops", "chain", "0x-store", "9lives"}) {
        CHECK(objection_to_service(name).empty());
        CHECK(objection_to_plane(name).empty());
    }
    CHECK(objection_to_service("onion").empty());
    CHECK_FALSE(objection_to_plane("onion").empty());
}

}  // namespace
}  // namespace beta::directory
