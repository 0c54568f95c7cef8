#include "beta/telemetry/json_text.hpp"

#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace beta::telemetry;
using namespace std::chrono_literals;
using beta::testing::parse_json;

namespace {

std::string escaped(std::string_view text) {
    std::string out(text.size() * max_escape, '\0');
    out.resize(static_cast<std::size_t>(escape_json(out.data(), text) - out.data()));
    return out;
}

/// What a strict parser reads from the escaped text.
std::string round_trip(std::string_view text) {
    const auto value = parse_json('"' + escaped(text) + '"');
    return {value.as_string().data(), value.as_string().size()};
}

const std::string replacement = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("every byte value makes a valid JSON string, at every place in a word") {
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t before = 0; before < 10; ++before) {
            const std::string text =
                std::string(before, 'a') + static_cast<char>(byte) + "bcdefghij";
            const auto read = round_trip(text);
            INFO("byte " << byte << " after " << before);
            if (byte < 0x80)
                REQUIRE(read == text);
            else
                REQUIRE(read == std::string(before, 'a') + replacement + "bcdefghij");
        }
    }
}

TEST_CASE("what a terminal would act on is never written as it came") {
    for (int byte = 0; byte < 0x20; ++byte)
        CHECK(escaped(std::string(1, static_cast<char>(byte))).front() == '\\');
    CHECK(escaped("\x1b[2J") == "\\u001b[2J");
    CHECK(escaped("\x7f") == "\\u007f");
    CHECK(escaped("\xc2\x9b[2J") == "\\u009b[2J");  // CSI as one C1 character
    CHECK(escaped("a\r\nb\tc") == "a\\r\\nb\\tc");
    CHECK(escaped(R"(say "\")") == R"(say \"\\\")");
}

TEST_CASE("well-formed UTF-8 stays as it is") {
    const auto text = GENERATE(values<std::string>(
        {"", "plain ascii text", "gr\xC3\xBC\xC3\x9F", "\xC2\xA0", "\xE2\x82\xAC", "\xED\x9F\xBF",
         "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF"}));
    CHECK(escaped(text) == text);
    CHECK(round_trip(text) == text);
}

TEST_CASE("ill-formed UTF-8 becomes the replacement character") {
    struct Row {
        const char* name;
        std::string bytes;
        std::size_t replaced;
    };
    const auto row = GENERATE(values<Row>({
        {"lone continuation", "\x80", 1},
        {"overlong slash", "\xC0\xAF", 2},
        {"overlong NUL", std::string("\xC1\x80"), 2},
        {"overlong in three bytes", "\xE0\x80\xAF", 3},
        {"overlong in four bytes", "\xF0\x80\x80\xAF", 4},
        {"high surrogate", "\xED\xA0\x80", 3},
        {"low surrogate", "\xED\xBF\xBF", 3},
        {"above U+10FFFF", "\xF4\x90\x80\x80", 4},
        {"five byte form", "\xF8\x88\x80\x80\x80", 5},
        {"cut after one of two", "\xC3", 1},
        {"cut after two of three", "\xE2\x82", 2},
        {"cut after three of four", "\xF0\x9F\x98", 3},
        {"never a byte of UTF-8", "\xFE\xFF", 2},
    }));
    DYNAMIC_SECTION(row.name) {
        std::string expected;
        for (std::size_t i = 0; i < row.replaced; ++i)
            expected += replacement;
        CHECK(round_trip(row.bytes) == expected);
        CHECK(round_trip("a" + row.bytes + "z") == "a" + expected + "z");
        CHECK(escaped(row.bytes).find("\\ufffd") == 0);
    }
}

TEST_CASE("random bytes always make one valid string within the promised room") {
    std::mt19937 random(20240229);  // NOLINT: the same bytes every time
    for (int round = 0; round < 5000; ++round) {
        std::string text(random() % 64, '\0');
        for (auto& c : text)
            c = static_cast<char>(random());
        const auto out = escaped(text);
        REQUIRE(out.size() <= text.size() * max_escape);
        REQUIRE_NOTHROW(parse_json('"' + out + '"'));
        REQUIRE(out.find('\n') == std::string::npos);
    }
}

TEST_CASE("a clipped text is cut between characters") {
    CHECK(clip("abcdef", 6) == "abcdef");
    CHECK(clip("abcdef", 3) == "abc");
    CHECK(clip("ab\xE2\x82\xAC"
               "d",
               3) == "ab");
    CHECK(clip("ab\xE2\x82\xAC"
               "d",
               4) == "ab");
    CHECK(clip("ab\xE2\x82\xAC"
               "d",
               5) == "ab\xE2\x82\xAC");
    CHECK(clip("\x80\x80\x80\x80\x80\x80", 5).size() >= 2);  // not UTF-8 at all: cut anywhere
}

TEST_CASE("a line is one flat object with values of every kind") {
    std::vector<char> room(1024);
    JsonLine line(room.data());
    line.text("quoted", "a\"b", 10);
    line.text("long", "abcdefgh", 3);
    line.word("word", "allow");
    line.number("number", 18446744073709551615ull);
    line.flag("yes", true);
    line.flag("no", false);
    line.milliseconds("took", 1'234'567'890ns);
    line.millionths("share", 10'000);
    line.millionths("least", 1);
    line.millionths("odd", 123'450);
    const std::string text(room.data(), line.finish());
    CHECK(text ==
          R"({"quoted":"a\"b","long":"abc…","word":"allow","number":18446744073709551615,)"
          R"("yes":true,"no":false,"took":1234.567,"share":0.01,"least":0.000001,"odd":0.12345})"
          "\n");
    CHECK_NOTHROW(parse_json(text));
}

TEST_CASE("milliseconds keep their leading zeros and are never negative") {
    struct Row {
        std::chrono::nanoseconds value;
        std::string_view text;
    };
    const auto row = GENERATE(values<Row>({{0ns, "0.000"},
                                           {999ns, "0.000"},
                                           {1us, "0.001"},
                                           {45us, "0.045"},
                                           {1ms, "1.000"},
                                           {100h, "360000000.000"},
                                           {-5ms, "0.000"}}));
    std::vector<char> room(64);
    JsonLine line(room.data());
    line.milliseconds("t", row.value);
    CHECK(std::string(room.data(), line.finish()) == "{\"t\":" + std::string(row.text) + "}\n");
}

TEST_CASE("a timestamp is RFC 3339 in UTC with milliseconds") {
    Timestamp timestamp;
    using std::chrono::system_clock;
    const auto at = [&](std::int64_t ms) {
        return std::string(timestamp.of(system_clock::time_point{std::chrono::milliseconds{ms}}));
    };
    CHECK(at(0) == "1970-01-01T00:00:00.000Z");
    CHECK(at(7) == "1970-01-01T00:00:00.007Z");
    CHECK(at(1709210096789) == "2024-02-29T12:34:56.789Z");
    CHECK(at(1709210096790) == "2024-02-29T12:34:56.790Z");
    CHECK(at(1709210097000) == "2024-02-29T12:34:57.000Z");
    CHECK(at(4102444799999) == "2099-12-31T23:59:59.999Z");
}
