#include "beta/model/endpoint.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace beta::model {
namespace {

using Kind = Endpoint::Kind;

EndpointError error_of(std::string_view text) {
    const auto parsed = Endpoint::parse(text);
    REQUIRE_FALSE(parsed);
    return parsed.error();
}

TEST_CASE("an IPv4 address with a port is an endpoint") {
    const auto endpoint = Endpoint::parse("127.0.0.1:15001");
    REQUIRE(endpoint);
    CHECK(endpoint->kind() == Kind::ipv4);
    CHECK(endpoint->host() == "127.0.0.1");
    CHECK(endpoint->port() == 15001);
    CHECK(endpoint->str() == "127.0.0.1:15001");
}

TEST_CASE("an IPv6 address stands in brackets and is kept in its canonical spelling") {
    const auto endpoint = Endpoint::parse("[0:0:0:0:0:0:0:1]:80");
    REQUIRE(endpoint);
    CHECK(endpoint->kind() == Kind::ipv6);
    CHECK(endpoint->host() == "::1");
    CHECK(endpoint->str() == "[::1]:80");
    CHECK(*endpoint == *Endpoint::parse("[::1]:80"));
}

TEST_CASE("a unix socket is named by its absolute path") {
    const auto endpoint = Endpoint::parse("unix:/run/a:b.sock");
    REQUIRE(endpoint);
    CHECK(endpoint->kind() == Kind::unix_path);
    CHECK(endpoint->host() == "/run/a:b.sock");
    CHECK(endpoint->port() == 0);
    CHECK(endpoint->str() == "unix:/run/a:b.sock");
    CHECK(Endpoint::parse("unix:/" + std::string(106, 'a')).has_value());
    CHECK(error_of("unix:/" + std::string(107, 'a')) == EndpointError::path_too_long);
    CHECK(error_of("unix:run/app.sock") == EndpointError::path_too_long);
    CHECK(error_of(std::string_view{"unix:/a\0b", 9}) == EndpointError::path_too_long);
    CHECK(error_of("unix:") == EndpointError::empty);
}

TEST_CASE("port 0 asks for any free port") {
    CHECK(Endpoint::parse("127.0.0.1:0")->port() == 0);
    CHECK(Endpoint::parse("127.0.0.1:65535")->port() == 65535);
}

TEST_CASE("a host name is never an endpoint, nor is any other spelling of an address") {
    for (const std::string_view text : {"localhost:80",
                                        "example.com:80",
                                        "tron-payment:80",
                                        "2130706433:80",
                                        "0x7f.0.0.1:80",
                                        "0177.0.0.1:80",
                                        "127.1:80",
                                        "127.0.0.01:80",
                                        "1.2.3.256:80",
                                        "1.2.3.4.5:80",
                                        " :80",
                                        ":80",
                                        "*:80",
                                        "::1:80",
                                        "[::1:80",
                                        "[127.0.0.1]:80",
                                        "[fe80::1%lo]:80",
                                        "[]:80",
                                        "[::1::]:80",
                                        "127.0.0.1 :80",
                                        "http://127.0.0.1:80"}) {
        CAPTURE(text);
        CHECK(error_of(text) == EndpointError::not_an_ip_literal);
    }
    CHECK(error_of(std::string_view{"127.0.0.1\0:80", 13}) == EndpointError::not_an_ip_literal);
    CHECK(error_of("") == EndpointError::empty);
}

TEST_CASE("a port is digits from 0 to 65535 in one spelling") {
    for (const std::string_view text :
         {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
          "127.0.0.1:080", "127.0.0.1:0x50", "127.0.0.1:80 ", "127.0.0.1:99999999999", "[::1]",
          "[::1]80", "[::1]:"}) {
        CAPTURE(text);
        CHECK(error_of(text) == EndpointError::bad_port);
    }
}

TEST_CASE("loopback is 127/8, ::1 and every unix socket; nothing else") {
    for (const std::string_view text : {"127.0.0.1:1", "127.255.255.254:1", "[::1]:1", "unix:/a"})
        CHECK(Endpoint::parse(text)->is_loopback());
    for (const std::string_view text : {"0.0.0.0:1", "128.0.0.1:1", "10.0.0.1:1", "[::]:1",
                                        "[::2]:1", "[::ffff:127.0.0.1]:1", "12.7.0.1:1"})
        CHECK_FALSE(Endpoint::parse(text)->is_loopback());
}

TEST_CASE("every endpoint error has a sentence of its own") {
    std::set<std::string_view> sentences;
    for (const auto error : {EndpointError::empty, EndpointError::not_an_ip_literal,
                             EndpointError::bad_port, EndpointError::path_too_long})
        sentences.insert(sentence(error));
    CHECK(sentences.size() == 4);
}

}  // namespace
}  // namespace beta::model
