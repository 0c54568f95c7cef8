#include "beta/http/request_fault.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using model::Failure;

namespace {

Failure fault_of(const std::string& start, const std::string& fields) {
    constexpr http::HeadLimits limits{32 * 1024, 8 * 1024, 128};
    const std::string text = start + "\r\nHost: a\r\n" + fields + "\r\n";
    http::RequestHead head;
    REQUIRE(http::parse(text, limits, head) == Failure::none);
    const auto framing = http::request_framing(head, 1 << 20);
    REQUIRE(framing.has_value());
    return http::request_fault(head, *framing);
}

const std::string post = "POST /x HTTP/1.1";
const std::string three = "Content-Length: 3\r\n";

}  // namespace

TEST_CASE("100-continue is passed on, once, in any letters, of a request with a body") {
    CHECK(fault_of(post, "Expect: 100-continue\r\n" + three) == Failure::none);
    CHECK(fault_of(post, "expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n") ==
          Failure::none);
    CHECK(fault_of(post, three) == Failure::none);
}

TEST_CASE("any other expectation fails (RFC 9110 §10.1.1)") {
    const auto fields = GENERATE_COPY(values<std::string>(
        {"Expect: other\r\n" + three, "Expect:\r\n" + three, "Expect: 100-continue, x\r\n" + three,
         "Expect: 100-continue\r\nExpect: 100-continue\r\n" + three, "Expect: 100-continue\r\n",
         "Expect: 100-continue\r\nContent-Length: 0\r\n"}));
    CHECK(fault_of(post, fields) == Failure::expectation_failed);
}

TEST_CASE("an HTTP/1.0 request's expectation of 100 is ignored, another one is not") {
    CHECK(fault_of("GET /x HTTP/1.0", "Expect: 100-continue\r\n") == Failure::none);
    CHECK(fault_of("GET /x HTTP/1.0", "Expect: y\r\n") == Failure::expectation_failed);
}

TEST_CASE("Max-Forwards means something to TRACE and OPTIONS alone (RFC 9110 §7.6.2)") {
    CHECK(fault_of("TRACE /x HTTP/1.1", "Max-Forwards: 1\r\n") == Failure::malformed);
    CHECK(fault_of("OPTIONS /x HTTP/1.1", "Max-Forwards: 0\r\n") == Failure::malformed);
    CHECK(fault_of("OPTIONS /x HTTP/1.1", "") == Failure::none);
    CHECK(fault_of("GET /x HTTP/1.1", "Max-Forwards: 0\r\n") == Failure::none);
}
