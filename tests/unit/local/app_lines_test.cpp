#include "beta/local/app_lines.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::local {
namespace {

constexpr Stamp stamp{"2025-01-02T03:04:05.678Z", "pay", "wallet", "id-1"};
constexpr LineLimits limits{200, 1000};

std::expected<AppLines, LineFault> read(std::string_view body, Form form = Form::objects) {
    return read_app_lines(body, form, stamp, limits);
}

/// What was written of one line between the stamp and its end.
std::string written(std::string_view body, Form form = Form::objects) {
    return read(body, form).value().text;
}

/// The value of "app".
std::string app(std::string_view body) {
    const auto text = written(body, Form::object);
    const auto at = text.find(R"(,"app":)");
    return at == text.npos ? "" : text.substr(at + 7, text.size() - at - 9);
}

std::string fault(std::string_view body, Form form = Form::objects) {
    const auto lines = read(body, form);
    return lines ? "" : std::to_string(lines.error().line) + ": " + lines.error().what;
}

TEST_CASE("a line says whose it is, and keeps the app's level, message and fields") {
    CHECK(written(R"({"level":"warn","message":"slow","tries":3})") ==
          R"({"timestamp":"2025-01-02T03:04:05.678Z","log":"app","level":"warn","message":"slow",)"
          R"("service.name":"pay","beta.plane":"wallet","beta.request_id":"id-1",)"
          R"("app":{"tries":3}})"
          "\n");
}

TEST_CASE("no field of the app's can pass for one of ours") {
    const auto text =
        written(R"({"log":"audit","timestamp":"x","service.name":"evil","app":{"log":"sidecar"}})");
    CHECK(text.starts_with(R"({"timestamp":"2025-01-02T03:04:05.678Z","log":"app","service.name")"
                           R"(:"pay","beta.plane":"wallet","beta.request_id":"id-1","app":{)"));
    CHECK(text.ends_with(
        R"("app":{"log":"audit","timestamp":"x","service.name":"evil","app":{"log":"sidecar"}}})"
        "\n"));
}

TEST_CASE("level and message are lifted where they are text, once, and of a level's length") {
    CHECK(written(R"({"msg":"m"})").find(R"("message":"m")") != std::string::npos);
    CHECK(app(R"({"level":30,"message":{"a":1}})") == R"({"level":30,"message":{"a":1}})");
    CHECK(app(R"({"message":"a","msg":"b","level":""})") == R"({"msg":"b","level":""})");
    CHECK(app(R"({"a":{"message":"deep"}})") == R"({"a":{"message":"deep"}})");
    const std::string level(33, 'x');
    CHECK(app(R"({"level":")" + level + R"("})") == R"({"level":")" + level + R"("})");
    CHECK(app(R"({"a":1,"message":"m","b":2})") == R"({"a":1,"b":2})");
    CHECK(app(R"({"message":"m"})").empty());
}

TEST_CASE("values come out as they went in, numbers as they were spelt, on one line") {
    const std::string one =
        R"({"a":[1,-0.50e+7,123456789012345678901234567890,true,false,null,[],{}],"b":{"c":"d"}})";
    CHECK(app(one) == one);
    CHECK(app("\r\n{ \"a\" :\n [ 1 , {\"b\"\t: 2 } ] ,\n\"c\": {} }\n") ==
          R"({"a":[1,{"b":2}],"c":{}})");
    CHECK(app(R"({"":{"":[{"":""}]}})") == R"({"":{"":[{"":""}]}})");
}

TEST_CASE("escapes keep their meaning, and what moves a terminal is escaped") {
    CHECK(app(R"({"a":"\u0041\n\u001b[2J\ud83d\ude00 \/ é"})") ==
          "{\"a\":\"A\\n\\u001b[2J\xf0\x9f\x98\x80 / é\"}");
    CHECK(app("{\"\x7f\":\"\xc2\x9b\"}") == R"({"\u007f":"\u009b"})");
    CHECK(app(R"({"a\"b":"\"},\"log\":\"audit"})") == R"({"a\"b":"\"},\"log\":\"audit"})");
}

TEST_CASE("what is no object in UTF-8 is refused, with its line and a remedy") {
    CHECK(fault("{\"a\":1}\n{\"a\":}\n{}").starts_with("2: not JSON in UTF-8"));
    CHECK(fault("[]") == "1: not a JSON object");
    CHECK(fault("{}\n\n\"x\"") == "3: not a JSON object");
    CHECK(fault("{} {}").find("application/x-ndjson") != std::string::npos);
    for (const std::string_view body :
         {"{", "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\x80\"}", R"({"a":"\ud800"})", "{'a':1}",
          "{\"a\":1,}", "{\"a\":01}", "{\"a\":NaN}", "{\"a\":\"\t\"}", "{/**/}", "{\"a\":1}x",
          "\xef\xbb\xbf{}", "{\"a\":\"\0\"}"}) {
        CAPTURE(body);
        CHECK_FALSE(fault(body).empty());
    }
}

TEST_CASE("one wrong line refuses all, and blank ones are none") {
    CHECK(read("{}\r\n \n\t\n{}\n")->ends.size() == 2);
    const auto bad = read("{}\n{}\nx\n{}\n");
    REQUIRE_FALSE(bad);
    CHECK(bad.error().line == 3);
    CHECK(bad.error().lines == 4);
    for (const std::string_view body : {"", "\n", " \r\n\t"}) {
        CHECK(fault(body) == "1: there is no line in this body");
        CHECK(fault(body, Form::text) == "1: there is no line in this body");
        CHECK(fault(body, Form::object) == "1: there is no line in this body");
    }
}

TEST_CASE("the ends are those of the lines") {
    const auto lines = read("{\"a\":1}\n{\"b\":2}\n").value();
    REQUIRE(lines.ends.size() == 2);
    CHECK(lines.ends[1] == lines.text.size());
    CHECK(lines.text[lines.ends[0] - 1] == '\n');
    CHECK(lines.text[lines.ends[0]] == '{');
}

TEST_CASE("a line has a longest length, as it is sent and as it is written") {
    CHECK(fault(std::string(200, 'x'), Form::text).empty());
    CHECK(fault(std::string(201, 'x'), Form::text).find("app_log_line_bytes") != std::string::npos);
    CHECK(fault(std::string(200, '\x1b'), Form::text).find("once") != std::string::npos);
}

TEST_CASE("an object is no deeper than sixteen levels") {
    const auto nested = [](int levels) {
        std::string text = "{\"a\":";
        for (int i = 1; i < levels; ++i)
            text += '[';
        return text + "1" + std::string(static_cast<std::size_t>(levels - 1), ']') + "}";
    };
    CHECK(fault(nested(16)).empty());
    CHECK(fault(nested(17)).find("too deep") != std::string::npos);
}

TEST_CASE("text is a message a line, whatever its bytes") {
    const auto text = written("a \"b\" {}\r\n\xff\x1b[2J\n", Form::text);
    CHECK(text.find(R"("log":"app","message":"a \"b\" {}","service.name")") != std::string::npos);
    CHECK(text.find(R"("message":"\ufffd\u001b[2J")") != std::string::npos);
    CHECK(text.find("\"app\":") == std::string::npos);
}

}  // namespace
}  // namespace beta::local
