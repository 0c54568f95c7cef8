#include "beta/http/body.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using http::BodyKind;
using http::BodyScan;
using model::Failure;

namespace {

constexpr http::BodyLimits limits{1000, 32, 64};

/// Feeds `wire` in pieces of `piece` bytes, as a buffer would present them: unconsumed bytes come
/// again.
BodyScan::Step run(BodyScan& scan, const std::string& wire, std::size_t piece,
                   std::string& forwarded) {
    std::string buffer;
    BodyScan::Step step;
    std::size_t at = 0;
    while (at < wire.size()) {
        const auto take = std::min(piece, wire.size() - at);
        buffer += wire.substr(at, take);
        at += take;
        step = scan.feed(buffer);
        forwarded += buffer.substr(0, step.bytes);
        buffer.erase(0, step.bytes);
        if (step.state != BodyScan::State::more)
            break;
    }
    return step;
}

BodyScan chunked() {
    return BodyScan({BodyKind::chunked, 0}, limits);
}

}  // namespace

TEST_CASE("a body of known length ends after its last byte, whatever the pieces") {
    const auto piece = GENERATE(1u, 2u, 3u, 100u);
    BodyScan scan({BodyKind::length, 5}, limits);
    std::string forwarded;
    CHECK(run(scan, "helloGET /", piece, forwarded).state == BodyScan::State::done);
    CHECK(forwarded == "hello");
    CHECK(scan.payload_bytes() == 5);
    CHECK(scan.feed("more").bytes == 0);
}

TEST_CASE("a chunked body is forwarded byte for byte with extensions and trailers") {
    const auto wire = GENERATE(values<std::string>(
        {"5\r\nhello\r\n0\r\n\r\n", "5;a=b\r\nhello\r\n00\r\n\r\n",
         "A\r\n0123456789\r\n1\r\nx\r\n0\r\nX-Sum: 1\r\nServer-Timing: x;dur=1\r\n\r\n",
         "0\r\n\r\n", "000\r\nA: b\r\n\r\n"}));
    const auto piece = GENERATE(1u, 2u, 7u, 1000u);
    DYNAMIC_SECTION(wire << " by " << piece) {
        auto scan = chunked();
        std::string forwarded;
        CHECK(run(scan, wire + "NEXT", piece, forwarded).state == BodyScan::State::done);
        CHECK(forwarded == wire);
    }
}

TEST_CASE("chunked framing in doubt is refused and its bytes are not forwarded") {
    const auto wire = GENERATE(values<std::string>({"\r\n",
                                                    "g\r\n",
                                                    "5\nhello\r\n",
                                                    "5 \r\nhello\r\n",
                                                    " 5\r\nhello\r\n",
                                                    "+5\r\n",
                                                    "-1\r\n",
                                                    "0x5\r\nhello\r\n",
                                                    "5\r\nhelloX\r\n",
                                                    "5\r\nhello\rX",
                                                    "5;a\rb\r\nhello\r\n",
                                                    "5;a\nb\r\nhello\r\n",
                                                    "5;\x01\r\nhello\r\n",
                                                    "5 ;a=b\r\nhello\r\n",
                                                    "1;" + std::string(40, 'a') + "\r\n",
                                                    "0\r\nContent-Length: 5\r\n\r\n",
                                                    "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                                                    "0\r\nHost: x\r\n\r\n",
                                                    "0\r\nAuthorization: x\r\n\r\n",
                                                    "0\r\nX-Beta-Rule: x\r\n\r\n",
                                                    "0\r\nx_beta_rule: x\r\n\r\n",
                                                    "0\r\nbad\r\n\r\n",
                                                    "0\r\nA : b\r\n\r\n",
                                                    "0\r\n A: b\r\n\r\n",
                                                    "0\r\nA: b\nC: d\r\n\r\n",
                                                    "0\r\nA: b\x01\r\n\r\n"}));
    const auto piece = GENERATE(1u, 1000u);
    DYNAMIC_SECTION(wire << " by " << piece) {
        auto scan = chunked();
        std::string forwarded;
        const auto step = run(scan, wire, piece, forwarded);
        CHECK(step.state == BodyScan::State::failed);
        CHECK(step.failure == Failure::malformed);
        CHECK(step.bytes == 0);
        CHECK((forwarded.empty() || forwarded.ends_with("hello")));
    }
}

TEST_CASE("chunk sizes cannot overflow (CVE-2021-40346 for chunks)") {
    const auto size =
        GENERATE(values<std::string>({"80000000", "100000000", "7fffffffffffffff",
                                      "ffffffffffffffff", "10000000000000000", "3e9"}));  // 1001
    auto scan = chunked();
    const auto step = scan.feed(size + "\r\n");
    CHECK(step.state == BodyScan::State::failed);
    CHECK(step.failure == Failure::body_too_large);
}

TEST_CASE("a chunk size of too many digits is too large, however its line is cut") {
    const auto piece = GENERATE(1u, 20u, 1000u);
    auto scan = chunked();
    std::string forwarded;
    const auto step = run(scan, std::string(100, '1') + "\r\n", piece, forwarded);
    CHECK(step.failure == Failure::body_too_large);
}

TEST_CASE("the sum of chunks is limited like a length") {
    auto scan = chunked();
    std::string forwarded;
    const std::string wire =
        "1f4\r\n" + std::string(500, 'a') + "\r\n1f5\r\n" + std::string(501, 'b') + "\r\n";
    CHECK(run(scan, wire, 4096, forwarded).failure == Failure::body_too_large);
}

TEST_CASE("a trailer section beyond its limit is refused before it is complete") {
    auto scan = chunked();
    CHECK(scan.feed("0\r\nA: " + std::string(100, 'a')).state == BodyScan::State::failed);
}

TEST_CASE("a body until close has no end but the close") {
    BodyScan scan({BodyKind::until_close, 0}, limits);
    CHECK(scan.feed("anything").bytes == 8);
    CHECK(scan.may_end_here());
    CHECK_FALSE(scan.done());
    CHECK_FALSE(chunked().may_end_here());
    CHECK_FALSE(BodyScan({BodyKind::length, 3}, limits).may_end_here());
}
