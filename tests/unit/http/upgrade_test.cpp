#include "beta/http/upgrade.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using http::Switch;

namespace {

constexpr http::HeadLimits limits{4096, 1024, 16};

template <class Head>
Head parsed(const std::string& text) {
    static std::string kept;  // the head's views point into it
    kept = text;
    Head head;
    REQUIRE(http::parse(kept, limits, head) == model::Failure::none);
    return head;
}

const std::string asks = "Host: s\r\nConnection: upgrade\r\nUpgrade: websocket\r\n";
const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const std::string version = "Sec-WebSocket-Version: 13\r\n";

}  // namespace

TEST_CASE("the accept of RFC 6455's example is the one it gives (§1.3)") {
    const auto head =
        parsed<http::RequestHead>("GET / HTTP/1.1\r\n" + asks + key + version + "\r\n");
    CHECK(http::requested_switch(head, {}) == Switch::websocket);
    CHECK(http::websocket_accept(head) == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("a websocket answer is a 101 for this key and nothing else") {
    const std::string accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    const std::string right = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
    const auto is_answer = [&](const std::string& text, std::string_view due) {
        return http::is_websocket_answer(parsed<http::ResponseHead>(text + "\r\n\r\n"), due);
    };
    CHECK(is_answer("HTTP/1.1 101 x\r\n" + right + accept, accept));
    CHECK_FALSE(is_answer("HTTP/1.1 101 x\r\n" + right + accept, ""));
    CHECK_FALSE(is_answer("HTTP/1.1 101 x\r\n" + right, ""));
    CHECK_FALSE(is_answer("HTTP/1.1 100 x\r\n" + right + accept, accept));
    CHECK_FALSE(is_answer("HTTP/1.1 101 x\r\n" + right + "S" + accept.substr(1), accept));
}

TEST_CASE("CONNECT is a switch of its own, and has no body") {
    const auto head = parsed<http::RequestHead>("CONNECT h:1 HTTP/1.1\r\n" + asks + "\r\n");
    CHECK(http::requested_switch(head, {}) == Switch::connect);
    CHECK_FALSE(http::requested_switch(head, {http::BodyKind::length, 1}).has_value());
    CHECK_FALSE(http::requested_switch(head, {http::BodyKind::chunked, 0}).has_value());
}

TEST_CASE("only canonical base64 of sixteen bytes is a key") {
    const auto is_key = [](const std::string& text) {
        const auto head = parsed<http::RequestHead>("GET / HTTP/1.1\r\n" + asks + version +
                                                    "Sec-WebSocket-Key: " + text + "\r\n\r\n");
        return http::requested_switch(head, {}).has_value();
    };
    CHECK(is_key("AAAAAAAAAAAAAAAAAAAAAA=="));
    CHECK(is_key("+/+/+/+/+/+/+/+/+/+/+w=="));
    CHECK_FALSE(is_key("AAAAAAAAAAAAAAAAAAAAAB=="));
    CHECK_FALSE(is_key("AAAAAAAAAAAAAAAAAAAAAAA="));
    CHECK_FALSE(is_key("AAAAAAAAAAAAAAAAAAAAAAAA"));
    CHECK_FALSE(is_key("AAAAAAAAAAAAAAAAAAAA=A=="));
    CHECK_FALSE(is_key("AAAAAAAAAAAAAAAAAAAA AA=="));
}
