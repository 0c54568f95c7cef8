#include "beta/http/payload.hpp"

#include "beta/http/body.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::http {
namespace {

std::string payload(BodyKind kind, std::string_view bytes, std::size_t step) {
    Payload reader(kind);
    std::string out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(step, bytes.size())))
        reader.feed(bytes.substr(0, step), out);
    return out;
}

TEST_CASE("the payload of chunks is what they carry, wherever their bytes are cut") {
    const std::string chunked =
        "5;a=\"b\"\r\nhello\r\n0B\r\n\r\n0\r\nworld\n\r\n00\r\nX-Sum: 0a\r\nY: 1\r\n\r\n";
    REQUIRE(BodyScan({BodyKind::chunked, 0}, {1000, 100, 100}).feed(chunked).bytes ==
            chunked.size());
    for (std::size_t step = 1; step <= chunked.size(); ++step) {
        CAPTURE(step);
        CHECK(payload(BodyKind::chunked, chunked, step) == "hello\r\n0\r\nworld\n");
    }
}

TEST_CASE("the payload of a body without chunks is the body") {
    CHECK(payload(BodyKind::length, "5\r\nhello\r\n", 3) == "5\r\nhello\r\n");
}

}  // namespace
}  // namespace beta::http
