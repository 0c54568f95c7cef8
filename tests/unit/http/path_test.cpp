#include "beta/http/target.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using model::Failure;

namespace {

constexpr http::HeadLimits limits{4096, 1024, 16};

std::expected<http::Target, Failure> split(const std::string& line, const std::string& fields) {
    static std::string text;  // the target's views point into it
    text = line + "\r\n" + fields + "\r\n";
    static http::RequestHead head;
    if (const auto failure = http::parse(text, limits, head); failure != Failure::none)
        return std::unexpected(failure);
    return http::split_target(head);
}

}  // namespace

TEST_CASE("a path with one spelling is canonical") {
    const auto path = GENERATE(values<std::string>(
        {"/", "/a", "/a/", "/a/b", "/a.b/..c/.d", "/a-._~!$&'()*+,=:@z", "/%C3%A9", "/a%20b",
         "/%5B", "/...", "/%E2%82%AC/x", "/%F0%9F%98%80"}));
    DYNAMIC_SECTION(path) {
        CHECK(http::is_canonical_path(path));
    }
}

TEST_CASE(
    "a path that servers spell differently is not canonical (CVE-2021-31920, CVE-2021-29492)") {
    const auto path = GENERATE(values<std::string>({"",
                                                    "a",
                                                    "//",
                                                    "//admin",
                                                    "/a//b",
                                                    "/a/./b",
                                                    "/./admin",
                                                    "/x/../admin",
                                                    "/..",
                                                    "/a/..",
                                                    "/.",
                                                    "/%2Fadmin",
                                                    "/a%2f..%2fadmin",
                                                    "/%2e%2e/admin",
                                                    "/%2E",
                                                    "/a%5Cb",
                                                    "/a\\b",
                                                    "\\admin",
                                                    "/%00",
                                                    "/a;param",
                                                    "/a%3Bb",
                                                    "/a#b",
                                                    "/%25%32%65",
                                                    "/%zz",
                                                    "/%",
                                                    "/%1",
                                                    "/a%7",
                                                    "/%7Fx",
                                                    "/%41",
                                                    "/%7e",
                                                    "/a b",
                                                    "/a\tb",
                                                    "/\x80",
                                                    "/\xC3\xA9",
                                                    "/%C0%AF",
                                                    "/%E0%80%AF",
                                                    "/%ED%A0%80",
                                                    "/%F4%90%80%80",
                                                    "/%C3",
                                                    "/%C3/%A9",
                                                    "/%80",
                                                    "/%FF",
                                                    "/a?b",
                                                    "/<x>",
                                                    "/\"x\"",
                                                    "/a|b",
                                                    "/{x}",
                                                    "/a^b",
                                                    "/[x]"}));
    DYNAMIC_SECTION(path) {
        CHECK_FALSE(http::is_canonical_path(path));
    }
}

TEST_CASE("NUL in a path is not canonical") {
    CHECK_FALSE(http::is_canonical_path(std::string_view("/a\0b", 4)));
}

TEST_CASE("origin form takes the name from Host") {
    const auto target = split("GET /a/b?c=/../d HTTP/1.1", "Host: Tron-Payment.:8080\r\n");
    REQUIRE(target.has_value());
    CHECK(target->path == "/a/b");
    CHECK(target->path_query == "/a/b?c=/../d");
    CHECK(target->host == "Tron-Payment");
    CHECK(target->port == "8080");
}

TEST_CASE("absolute form takes the name from the target, and Host must agree (CVE-2021-39242)") {
    const auto target = split("GET http://svc.wallet/a HTTP/1.1", "Host: SVC.wallet\r\n");
    REQUIRE(target.has_value());
    CHECK(target->host == "svc.wallet");
    CHECK(target->path_query == "/a");
    CHECK_FALSE(split("GET http://svc/a HTTP/1.1", "Host: other\r\n").has_value());
    CHECK_FALSE(split("GET http://svc/a HTTP/1.1", "Host: svc:80\r\n").has_value());
    CHECK_FALSE(split("GET http://svc/a HTTP/1.1", "").has_value());
    CHECK(split("GET http://svc/a HTTP/1.0", "").has_value());
}

TEST_CASE("a target or Host in doubt is malformed") {
    struct Row {
        std::string line;
        std::string fields;
    };
    const auto row = GENERATE(values<Row>({{"GET /a HTTP/1.1", ""},
                                           {"GET /a HTTP/1.1", "Host: a\r\nHost: a\r\n"},
                                           {"GET /a HTTP/1.1", "Host: a,b\r\n"},
                                           {"GET /a HTTP/1.1", "Host: \r\n"},
                                           {"GET /a HTTP/1.1", "Host: a b\r\n"},
                                           {"GET /a HTTP/1.1", "Host: u@a\r\n"},
                                           {"GET /a HTTP/1.1", "Host: a:80x\r\n"},
                                           {"GET /a HTTP/1.1", "Host: a:\r\n"},
                                           {"GET /a HTTP/1.1", "Host: [::1]\r\n"},
                                           {"GET /a HTTP/1.1", "Host: a/b\r\n"},
                                           {"GET * HTTP/1.1", "Host: a\r\n"},
                                           {"GET a HTTP/1.1", "Host: a\r\n"},
                                           {"GET https://a/b HTTP/1.1", "Host: a\r\n"},
                                           {"GET http://a HTTP/1.1", "Host: a\r\n"},
                                           {"GET http://a?b HTTP/1.1", "Host: a\r\n"},
                                           {"GET http:///b HTTP/1.1", "Host: a\r\n"},
                                           {"GET http://u@a/b HTTP/1.1", "Host: u@a\r\n"}}));
    DYNAMIC_SECTION(row.line << " " << row.fields) {
        const auto target = split(row.line, row.fields);
        REQUIRE_FALSE(target.has_value());
        CHECK(target.error() == Failure::malformed);
    }
}

TEST_CASE("a host longer than a DNS name is refused, never resolved (CVE-2023-38545)") {
    const auto size = GENERATE(254u, 255u, 256u, 900u);
    CHECK_FALSE(split("GET /a HTTP/1.1", "Host: " + std::string(size, 'a') + "\r\n").has_value());
}

TEST_CASE("the query is split off once and never looked into for a path (CVE-2026-32811)") {
    const auto target = split("GET /a?x?y=%2F..//;z HTTP/1.1", "Host: a\r\n");
    REQUIRE(target.has_value());
    CHECK(target->path == "/a");
    CHECK(target->path_query == "/a?x?y=%2F..//;z");
}

TEST_CASE("the authority form of CONNECT is host and port, once and whole (RFC 9112 §3.2.3)") {
    const auto connect = [](const std::string& target, const std::string& fields) {
        static std::string text;  // the target's views point into it
        text = "CONNECT " + target + " HTTP/1.1\r\n" + fields + "\r\n";
        static http::RequestHead head;
        REQUIRE(http::parse(text, limits, head) == Failure::none);
        return http::split_connect_target(head);
    };
    const auto target = connect("api.example:65535", "Host: API.example:65535\r\n");
    REQUIRE(target.has_value());
    CHECK(target->host == "api.example");
    CHECK(target->port == "65535");
    CHECK(target->path.empty());
    CHECK(connect("a:1", "Host: a\r\n").has_value());
    for (const std::string wrong :
         {"a", "a:", ":1", "a:0", "a:01", "a:65536", "a:70000", "a:123456", "a:1:1", "a.:1", "a:1/",
          "/", "*", "a@b:1", "http://a:1/", "[::1]:1", "a_b:1", "a:-1"})
        CHECK_FALSE(connect(wrong, "Host: " + wrong + "\r\n").has_value());
    for (const std::string host : {"", "Host: b:1\r\n", "Host: a:2\r\n", "Host: a.\r\n",
                                   "Host: a\r\nHost: a\r\n", "Host:\r\n"})
        CHECK_FALSE(connect("a:1", host).has_value());
}
