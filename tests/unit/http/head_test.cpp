#include "beta/http/head.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using http::FieldId;
using http::HeadScan;
using model::Failure;

namespace {

constexpr http::HeadLimits limits{4096, 1024, 16};

Failure parse_request(const std::string& text, http::RequestHead& head) {
    return http::parse(text, limits, head);
}

Failure parse_request(const std::string& text) {
    http::RequestHead head;
    return parse_request(text, head);
}

}  // namespace

TEST_CASE("a request head becomes spans over its own bytes") {
    const std::string text =
        "GET /a?b=1 HTTP/1.1\r\nHost: x\r\nX-Beta-Rule:  forged \r\nuser-agent: t\r\n\r\n";
    http::RequestHead head;
    REQUIRE(parse_request(text, head) == Failure::none);
    CHECK(head.method == "GET");
    CHECK(head.target == "/a?b=1");
    CHECK(head.size == text.size());
    REQUIRE(head.fields.size() == 3);
    CHECK(head.fields[1].id == FieldId::beta);
    CHECK(head.fields[1].value == "forged");
    CHECK(head.fields[1].line == "X-Beta-Rule:  forged \r\n");
    CHECK(head.fields[2].line == "user-agent: t\r\n");
    CHECK(head.fields[0].line.data() >= text.data());
    CHECK(head.find(FieldId::user_agent)->value == "t");
}

TEST_CASE("the lines of all fields together are the header section, byte for byte") {
    const std::string section = "Host: x\r\nA: 1\r\nA:2\r\nB:\t3\t\r\n";
    const std::string text = "GET / HTTP/1.1\r\n" + section + "\r\n";
    http::RequestHead head;
    REQUIRE(parse_request(text, head) == Failure::none);
    std::string joined;
    for (const auto& field : head.fields)
        joined += field.line;
    CHECK(joined == section);
}

TEST_CASE("heads that servers read differently are malformed") {
    const auto text = GENERATE(values<std::string>(
        {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n",
         "GET / HTTP/1.1\r\nA\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nX_Beta_Rule: a\r\n\r\n",
         "GET / HTTP/1.1\r\nX-Beta_Source-Plane: a\r\n\r\n",
         "GET / HTTP/1.1\r\nX_Forwarded_For: a\r\n\r\n", "GET /  HTTP/1.1\r\n\r\n",
         "GET  / HTTP/1.1\r\n\r\n", " GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1 \r\n\r\n",
         "GET / http/1.1\r\n\r\n", "GET / HTTP/11\r\n\r\n", "GE(T / HTTP/1.1\r\n\r\n",
         "GET / HTTP/1.1\r\nA: b\x01\r\n\r\n", "GET /\r\n\r\n",
         "GET / HTTP/1.1\r\nA: \rB: c\r\n\r\n",
         std::string("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n", 26)}));
    DYNAMIC_SECTION(text) {
        CHECK(parse_request(text) == Failure::malformed);
    }
}

TEST_CASE("a version that is not 1.0 or 1.1 is refused by its own answer") {
    CHECK(parse_request("GET / HTTP/2.0\r\n\r\n") == Failure::version_unsupported);
    CHECK(parse_request("GET / HTTP/0.9\r\n\r\n") == Failure::version_unsupported);
    CHECK(parse_request("GET / HTTP/1.2\r\n\r\n") == Failure::version_unsupported);
}

TEST_CASE("a head is scanned to the same end in one piece and byte by byte") {
    const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\nbody";
    HeadScan whole;
    REQUIRE(whole.feed(text, limits) == HeadScan::State::complete);
    CHECK(whole.size() == text.size() - 4);
    HeadScan bytes;
    for (std::size_t n = 1; n < text.size() - 4; ++n)
        REQUIRE(bytes.feed(text.substr(0, n), limits) == HeadScan::State::need_more);
    CHECK(bytes.feed(text, limits) == HeadScan::State::complete);
    CHECK(bytes.size() == whole.size());
}

TEST_CASE("a bare line feed is refused as soon as it is seen") {
    HeadScan scan;
    CHECK(scan.feed("GET / HTTP/1.1\nHo", limits) == HeadScan::State::malformed);
    HeadScan second;
    CHECK(second.feed("GET / HTTP/1.1\r\nHost: x\n", limits) == HeadScan::State::malformed);
    HeadScan third;
    CHECK(third.feed("\n", limits) == HeadScan::State::malformed);
}

TEST_CASE("a folded field line is refused") {
    HeadScan scan;
    CHECK(scan.feed("GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", limits) == HeadScan::State::malformed);
    HeadScan tab;
    CHECK(tab.feed("GET / HTTP/1.1\r\nA:\r\n\tc\r\n\r\n", limits) == HeadScan::State::malformed);
}

TEST_CASE("an empty line before the request line is refused, not skipped") {
    HeadScan scan;
    CHECK(scan.feed("\r\nGET / HTTP/1.1\r\n\r\n", limits) == HeadScan::State::malformed);
}

TEST_CASE("each bound of a head has its own answer") {
    HeadScan target;
    CHECK(target.feed("GET /" + std::string(2000, 'a'), limits) ==
          HeadScan::State::target_too_long);
    HeadScan bytes;
    const std::string start = "GET / HTTP/1.1\r\n";
    CHECK(bytes.feed(start + "A: " + std::string(5000, 'a'), limits) == HeadScan::State::too_large);
    std::string many = start;
    for (int i = 0; i < 17; ++i)
        many += "A: b\r\n";
    HeadScan count;
    CHECK(count.feed(many + "\r\n", limits) == HeadScan::State::too_large);
}

TEST_CASE("a response head knows its status and that it is interim") {
    http::ResponseHead head;
    REQUIRE(http::parse("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", limits, head) ==
            Failure::none);
    CHECK(head.status == 103);
    CHECK(head.interim());
    CHECK(http::parse("HTTP/1.1 99 x\r\n\r\n", limits, head) != Failure::none);
    CHECK(http::parse("HTTP/1.1 2000 x\r\n\r\n", limits, head) != Failure::none);
    CHECK(http::parse("ICY 200 OK\r\n\r\n", limits, head) != Failure::none);
}
