#include "beta/http/framing.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using http::BodyKind;
using model::Failure;

namespace {

constexpr http::HeadLimits limits{32 * 1024, 8 * 1024, 128};
constexpr std::uint64_t body_limit = 1 << 20;

std::expected<http::Framing, Failure> frame_request(const std::string& fields,
                                                    const std::string& version = "1.1") {
    const std::string text = "POST /x HTTP/" + version + "\r\nHost: a\r\n" + fields + "\r\n";
    http::RequestHead head;
    if (const auto failure = http::parse(text, limits, head); failure != Failure::none)
        return std::unexpected(failure);
    return http::request_framing(head, body_limit);
}

std::expected<http::Framing, Failure> frame_response(const std::string& status,
                                                     const std::string& fields, bool to_head) {
    const std::string text = "HTTP/1.1 " + status + " x\r\n" + fields + "\r\n";
    http::ResponseHead head;
    if (http::parse(text, limits, head) != Failure::none)
        return std::unexpected(Failure::upstream_malformed);
    return http::response_framing(head, to_head, body_limit);
}

}  // namespace

TEST_CASE("a request without length or coding has no body") {
    const auto framing = frame_request("");
    REQUIRE(framing.has_value());
    CHECK(framing->kind == BodyKind::none);
}

TEST_CASE("a request's length and chunked coding are taken as they stand") {
    const auto length = frame_request("Content-Length: 17\r\n");
    REQUIRE(length.has_value());
    CHECK(length->kind == BodyKind::length);
    CHECK(length->length == 17);
    const auto chunked = frame_request("Transfer-Encoding: Chunked\r\n");
    REQUIRE(chunked.has_value());
    CHECK(chunked->kind == BodyKind::chunked);
    CHECK(frame_request("Content-Length: 0\r\n")->kind == BodyKind::none);
}

TEST_CASE("framing that two parsers could read differently is refused") {
    const auto fields = GENERATE(
        values<std::string>({"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 5\r\n",
                             "Content-Length: 5\r\nContent-Length: 6\r\n",
                             "Content-Length: +5\r\n",
                             "Content-Length: -5\r\n",
                             "Content-Length: -0\r\n",
                             "Content-Length: 0x5\r\n",
                             "Content-Length: 05\r\n",
                             "Content-Length: 5,5\r\n",
                             "Content-Length: 5 5\r\n",
                             "Content-Length:\r\n",
                             "Content-Length: 5;\r\n",
                             "Content-Length: 18446744073709551617\r\n",
                             "Content-Length: 99999999999999999999\r\n",
                             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                             "Transfer-Encoding: chunked, chunked\r\n",
                             "Transfer-Encoding: ,chunked\r\n",
                             "Transfer-Encoding: chunked,\r\n",
                             "Transfer-Encoding: gzip, chunked\r\n",
                             "Transfer-Encoding: chunked;x=1\r\n",
                             "Transfer-Encoding: \"chunked\"\r\n",
                             "Transfer-Encoding:\r\n",
                             "Transfer-Encoding: chunked\r\n , identity\r\n",
                             "Content_Length: 5\r\n",
                             "Transfer_Encoding: chunked\r\n"}));
    DYNAMIC_SECTION(fields) {
        const auto framing = frame_request(fields);
        REQUIRE_FALSE(framing.has_value());
        CHECK(framing.error() == Failure::malformed);
    }
}

TEST_CASE("a transfer coding that is not ours is not implemented") {
    CHECK(frame_request("Transfer-Encoding: gzip\r\n").error() == Failure::coding_unknown);
    CHECK(frame_request("Transfer-Encoding: xchunked\r\n").error() == Failure::coding_unknown);
    CHECK(frame_request("Transfer-Encoding: identity\r\n").error() == Failure::coding_unknown);
}

TEST_CASE("an HTTP/1.0 request with a transfer coding has faulty framing") {
    CHECK(frame_request("Transfer-Encoding: chunked\r\n", "1.0").error() == Failure::malformed);
}

TEST_CASE("a declared length beyond the limit is refused before its body") {
    CHECK(frame_request("Content-Length: 1048577\r\n").error() == Failure::body_too_large);
    CHECK(frame_request("Content-Length: 1048576\r\n").has_value());
}

TEST_CASE("responses that have no body have none, whatever they declare") {
    CHECK(frame_response("304", "Content-Length: 9\r\n", false)->kind == BodyKind::none);
    CHECK(frame_response("200", "Content-Length: 9\r\n", true)->kind == BodyKind::none);
    CHECK(frame_response("200", "Transfer-Encoding: chunked\r\n", true)->kind == BodyKind::none);
    CHECK(frame_response("204", "", false)->kind == BodyKind::none);
    CHECK(frame_response("100", "", false)->kind == BodyKind::none);
}

TEST_CASE("a 1xx or 204 that declares a body is malformed") {
    CHECK_FALSE(frame_response("204", "Content-Length: 9\r\n", false).has_value());
    CHECK_FALSE(frame_response("204", "Transfer-Encoding: chunked\r\n", false).has_value());
    CHECK_FALSE(frame_response("103", "Content-Length: 1\r\n", false).has_value());
    CHECK(frame_response("204", "Content-Length: 0\r\n", false).has_value());
}

TEST_CASE("a response without framing runs until the close") {
    CHECK(frame_response("200", "", false)->kind == BodyKind::until_close);
}

TEST_CASE("a response's own contradictions are the upstream's fault") {
    const auto framing =
        frame_response("200", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", false);
    REQUIRE_FALSE(framing.has_value());
    CHECK(framing.error() == Failure::upstream_malformed);
}
