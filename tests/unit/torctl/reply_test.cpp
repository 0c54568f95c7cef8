#include "beta/torctl/reply.hpp"

#include "transcripts.hpp"

#include <catch2/catch.hpp>

#include <span>

namespace beta::torctl::testing {
namespace {

constexpr std::size_t whole = 1'000'000;

TEST_CASE("a conversation reads the same whole and in pieces of any size") {
    const std::string all = protocol_info + ok + info_of_start + stream_event + info_of_circuits +
                            onion_added + stream_event + refused_cookie;
    const auto expected = hear(all, whole);
    REQUIRE_FALSE(expected.fault);
    REQUIRE(expected.replies.size() == 8);
    for (std::size_t piece = 1; piece <= 7; ++piece)
        CHECK(hear(all, piece) == expected);
}

TEST_CASE("a conversation that is cut at any byte gives the replies that are whole, and no fault") {
    const std::string all = info_of_circuits + stream_event + ok;
    const auto expected = hear(all, whole).replies;
    for (std::size_t cut = 0; cut < all.size(); ++cut) {
        const auto heard = hear(std::string_view(all).substr(0, cut), 1);
        CAPTURE(cut);
        CHECK_FALSE(heard.fault);
        CHECK(heard.replies.size() < expected.size());
        CHECK(std::ranges::equal(heard.replies, std::span(expected).first(heard.replies.size())));
    }
}

TEST_CASE("a reply has the text and data of each of its lines") {
    const auto reply = one(info_of_circuits);
    CHECK(reply.status == 250);
    CHECK(reply.is_ok());
    REQUIRE(reply.lines.size() == 3);
    CHECK(reply.lines[0].text == "circuit-status=");
    REQUIRE(reply.lines[0].data);
    CHECK(reply.lines[0].data->starts_with("22 LAUNCHED"));
    CHECK(std::ranges::count(*reply.lines[0].data, '\n') == 1);
    CHECK_FALSE(reply.lines[1].data);
    CHECK(reply.lines[2].text == "OK");
}

TEST_CASE("dots that data begins with are undone, and a lone one ends it") {
    const auto reply = one("250+x=\r\n..\r\n...a\r\n\r\n b.\r\n250 not the end\r\n.\r\n250 OK\r\n");
    CHECK(reply.lines[0].data == ".\n..a\n\n b.\n250 not the end");
    CHECK(one("250+x=\r\n.\r\n250 OK\r\n").lines[0].data == "");
}

TEST_CASE("events are told from replies, between them and of several lines") {
    const auto heard = hear(ok +
                                "650-CIRC 1000 EXTENDED moria1 0xBEEF\r\n650-EXTRAMAGIC=99\r\n"
                                "650 ANONYMITY=high\r\n" +
                                "650+HS_DESC_CONTENT a b c\r\n650 \r\n.\r\n650 OK\r\n" + ok,
                            whole);
    REQUIRE(heard.replies.size() == 4);
    CHECK_FALSE(heard.replies[0].is_event());
    CHECK(heard.replies[1].is_event());
    CHECK(heard.replies[1].lines.size() == 3);
    CHECK(heard.replies[2].is_event());
    CHECK(heard.replies[2].lines[0].data == "650 ");
    CHECK_FALSE(heard.replies[3].is_event());
}

TEST_CASE("a reply is as bad as its worst line") {
    const auto reply = one("250-a=b\r\n512-syntax error\r\n250 c=d\r\n");
    CHECK(reply.status == 512);
    CHECK_FALSE(reply.is_ok());
}

struct Bad {
    std::string bytes;
    Fault fault;
};

TEST_CASE("what is not the control protocol is a fault of its own name") {
    const std::vector<Bad> rows{
        {"\r\n", Fault::malformed_line},
        {"25\r\n", Fault::malformed_line},
        {"250\r\n", Fault::malformed_line},
        {"250OK\r\n", Fault::malformed_line},
        {"050 OK\r\n", Fault::malformed_line},
        {"2x0 OK\r\n", Fault::malformed_line},
        {"OK\r\n", Fault::malformed_line},
        {"250-a\r\nb\r\n", Fault::malformed_line},
        {"250 a\nb\r\n", Fault::malformed_line},
        {"250 a\rb\r\n", Fault::malformed_line},
        {std::string("250 a\0b\r\n", 9), Fault::malformed_line},
        {"SSH-2.0-OpenSSH_9.2\r\n", Fault::malformed_line},
        {"HTTP/1.0 400 Bad Request\r\n", Fault::http_answer},
        {"HTTP/", Fault::http_answer},
        {"250-a\r\n650 CIRC 1 BUILT\r\n", Fault::event_inside_reply},
        {"650-CIRC 1 BUILT\r\n250 OK\r\n", Fault::event_inside_reply},
    };
    for (const auto& row : rows) {
        CAPTURE(row.bytes);
        CHECK(hear(row.bytes, whole).fault == row.fault);
        CHECK(hear(row.bytes, 1).fault == row.fault);
        CHECK(hear(ok + row.bytes, 3).replies.size() == 1);
        CHECK(sentence(row.fault).size() > 10);
    }
}

TEST_CASE("a fault stays, whatever comes afterwards") {
    ReplyReader reader;
    reader.receive("garbage\r\n");
    REQUIRE_FALSE(reader.next());
    reader.receive("250 OK\r\n");
    REQUIRE_FALSE(reader.next());
    CHECK(reader.next().error() == Fault::malformed_line);
}

TEST_CASE("the longest line passes and a byte more does not, before its end has come") {
    const ReplyLimits limits{.line_bytes = 10};
    CHECK(hear("250 567890\r\n", 1, limits).replies.size() == 1);
    CHECK(hear("250 5678901\r\n", whole, limits).fault == Fault::line_too_long);
    CHECK(hear("250 5678901", 1, limits).fault == Fault::line_too_long);
    CHECK(hear("250+a\r\n12345678901", 1, limits).fault == Fault::line_too_long);
}

TEST_CASE("a reply may have so many lines and so many bytes, and no more") {
    const ReplyLimits few{.lines = 2};
    CHECK(hear("250-a\r\n250 b\r\n", 1, few).replies.size() == 1);
    CHECK(hear("250-a\r\n250-b\r\n250 c\r\n", 1, few).fault == Fault::too_many_lines);
    const ReplyLimits small{.bytes = 20};
    CHECK(hear("250-aaaa\r\n250 bbbb\r\n", 1, small).replies.size() == 1);
    CHECK(hear("250-aaaa\r\n250 bbbbb\r\n", 1, small).fault == Fault::reply_too_large);
    CHECK(hear("250+a\r\n1\r\n2\r\n3\r\n4\r\n5\r\n", 1, small).fault == Fault::reply_too_large);
    CHECK(hear("250 aaaaaaaa\r\n250 bbbbbbbb\r\n", whole, small).replies.size() == 2);
}

TEST_CASE("a summary is short and printable whatever came") {
    CHECK(one(refused_cookie).summary() ==
          "515 Authentication failed: Safe cookie response did not match expected value.");
    const auto summary = one("550 \x1b[31m\xc3\xa9" + std::string(5000, 'x') + "\r\n").summary();
    CHECK(summary.starts_with("550 ?[31m??xxx"));
    CHECK(summary.size() == 200);
}

}  // namespace
}  // namespace beta::torctl::testing
