#include "beta/http/forward.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using model::Failure;

namespace {

constexpr http::HeadLimits limits{8192, 1024, 64};

std::string forwarded(const std::string& text, const http::HeadChanges& changes = {}) {
    http::RequestHead head;
    REQUIRE(http::parse(text, limits, head) == Failure::none);
    const auto target = http::split_target(head);
    REQUIRE(target.has_value());
    std::string out;
    http::write_request(out, head, *target, changes);
    return out;
}

}  // namespace

TEST_CASE("an end-to-end head is forwarded byte for byte") {
    const std::string text =
        "GET /a?b HTTP/1.1\r\nHost: svc\r\nACCEPT:  x \r\nCookie: a=1\r\nX: 1\r\nX: 2\r\n\r\n";
    CHECK(forwarded(text) == text);
}

TEST_CASE("absolute form becomes origin form and nothing else changes") {
    CHECK(forwarded("GET http://svc/a?b HTTP/1.1\r\nHost: svc\r\nA: b\r\n\r\n") ==
          "GET /a?b HTTP/1.1\r\nHost: svc\r\nA: b\r\n\r\n");
}

TEST_CASE("hop-by-hop fields are cut out, standard ones and those that Connection names") {
    CHECK(forwarded(
              "GET / HTTP/1.1\r\nHost: s\r\nConnection: keep-alive, X-Hop , ,Foo\r\nX-HOP: 1\r\n"
              "Keep-Alive: 5\r\nProxy-Connection: x\r\nTE: trailers\r\nUpgrade: h2c\r\n"
              "Proxy-Authorization: x\r\nfoo: 2\r\nStays: 3\r\n\r\n") ==
          "GET / HTTP/1.1\r\nHost: s\r\nStays: 3\r\n\r\n");
}

TEST_CASE("Connection removes nothing that guards (CVE-2024-45410)") {
    const auto out = forwarded(
        "POST / HTTP/1.1\r\nHost: s\r\nConnection: host, content-length, authorization, via, "
        "transfer-encoding, traceparent\r\nContent-Length: 3\r\nAuthorization: x\r\nVia: 1.1 a\r\n"
        "traceparent: t\r\n\r\n",
        {.added = "X-Beta-Rule: r\r\n"});
    CHECK(out ==
          "POST / HTTP/1.1\r\nHost: s\r\nContent-Length: 3\r\nAuthorization: x\r\nVia: 1.1 a\r\n"
          "traceparent: t\r\nX-Beta-Rule: r\r\n\r\n");
}

TEST_CASE("what peers claim under our names is dropped (CVE-2023-27487)") {
    CHECK(
        forwarded("GET / HTTP/1.1\r\nHost: s\r\nX-Beta-Source-Plane: ops\r\nx-beta-anything: 1\r\n"
                  "X-Forwarded-For: 1\r\nForwarded: for=1\r\nX-Real-IP: 1\r\nA: b\r\n\r\n") ==
        "GET / HTTP/1.1\r\nHost: s\r\nA: b\r\n\r\n");
}

TEST_CASE("Via and X-Request-Id stay or go as the side says") {
    const std::string text =
        "GET / HTTP/1.1\r\nHost: s\r\nVia: 1.1 beta\r\nX-Request-Id: 7\r\n\r\n";
    CHECK(forwarded(text) == text);
    CHECK(forwarded(text, {.drop_via = true, .drop_request_id = true}) ==
          "GET / HTTP/1.1\r\nHost: s\r\n\r\n");
}

TEST_CASE("our own token in Via is counted in any spelling") {
    http::RequestHead head;
    REQUIRE(http::parse("GET / HTTP/1.1\r\nVia: 1.1 beta, 1.0 other\r\nvia: HTTP/1.1  BETA (x)\r\n"
                        "Via: beta\r\nVia: 1.1 betax\r\n\r\n",
                        limits, head) == Failure::none);
    CHECK(http::own_via_count(head.fields) == 2);
}

TEST_CASE("a client of HTTP/1.0 stays one, and gets a Host of its target") {
    CHECK(forwarded("GET http://svc:80/a HTTP/1.0\r\nA: b\r\n\r\n") ==
          "GET /a HTTP/1.0\r\nHost: svc\r\nA: b\r\n\r\n");
}

TEST_CASE("a response keeps its reason and its fields, and says close when it must") {
    http::ResponseHead head;
    REQUIRE(http::parse("HTTP/1.0 404 Not  Here\r\nConnection: close\r\nSet-Cookie: a\r\n"
                        "X-Beta-Rule: forged\r\nTransfer-Encoding: x\r\n\r\n",
                        limits, head) == Failure::none);
    std::string out;
    http::write_response(out, head, {.close = true});
    CHECK(out ==
          "HTTP/1.1 404 Not  Here\r\nSet-Cookie: a\r\nTransfer-Encoding: x\r\n"
          "Connection: close\r\n\r\n");
}
