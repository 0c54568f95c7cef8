#include "beta/telemetry/text_line.hpp"

#include "beta/telemetry/access_log.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/json_text.hpp"

#include "sample.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <spdlog/sinks/ostream_sink.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using namespace beta;
using namespace beta::telemetry;

namespace {

std::string text_of(std::string_view line, bool in_colour = false) {
    std::string out;
    append_text_line(out, line, in_colour);
    return out;
}

/// A line with one field, escaped as the log escapes it.
std::string line_with(std::string_view value) {
    std::vector<char> room(JsonLine::room_for(16, value.size()) + 16);
    JsonLine line(room.data());
    line.text("url.path", value, value.size());
    return {room.data(), line.finish()};
}

template <class Write>  // (LogWriter&)
std::string logged(LogLook look, Write write) {
    std::ostringstream out;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {}, look);
        write(writer);
    }
    return out.str();
}

}  // namespace

TEST_CASE("as text, a request begins with what is looked for, and no field is left out") {
    const std::chrono::system_clock::time_point noon{std::chrono::milliseconds{1709208000250}};
    const auto text = logged(LogLook::text, [&](LogWriter& writer) {
        AccessLog log(writer);
        log.write(testing::sample_record(), noon);
        log.write(testing::denied_record(), noon);
    });
    CHECK(text ==
          "2024-02-29T12:00:00.250Z access egress 201 POST /api/v1/payouts "
          "http.request.body.size=17 http.response.body.size=42 network.protocol.version=1.1 "
          "user_agent.original=curl/8.0 beta.source=api-gateway beta.destination=tron-payment "
          "beta.plane=wallet beta.rule=gateway-pays beta.decision=allow beta.enforced=true "
          "beta.upstream.attempts=1 beta.request_id=0123456789abcdef duration_ms=12.345\n"
          "2024-02-29T12:00:00.250Z access ingress 403 POST /api/v1/payouts "
          "http.request.body.size=17 http.response.body.size=42 network.protocol.version=1.1 "
          "user_agent.original=curl/8.0 beta.destination=tron-payment beta.plane=chain "
          "beta.rule=chain-stays-out beta.decision=deny beta.enforced=true error.type=denied "
          "beta.request_id=0123456789abcdef duration_ms=12.345\n");
}

TEST_CASE("as text, an event begins with its level and its words") {
    const auto text = logged(LogLook::text, [](LogWriter& writer) {
        EventLog(writer, config::LogLevel::info)
            .warn("look today", {{"listener", "egress"}, {"words", "a b"}, {"none", ""}});
    });
    CHECK_THAT(text, Catch::EndsWith("Z sidecar warn \"look today\" listener=egress words=\"a b\" "
                                     "none=\"\"\n"));
}

TEST_CASE("colour is of time, level and status, and ends there") {
    CHECK(text_of("{\"timestamp\":\"t\",\"level\":\"error\",\"message\":\"m\"}\n", true) ==
          "\x1b[2mt\x1b[0m \x1b[31merror\x1b[0m m\n");
    const auto status = [](const std::string& code) {
        return text_of("{\"http.response.status_code\":" + code + "}\n", true);
    };
    CHECK(status("200") == "\x1b[32m200\x1b[0m\n");
    CHECK(status("404") == "\x1b[33m404\x1b[0m\n");
    CHECK(status("502") == "\x1b[31m502\x1b[0m\n");
}

TEST_CASE("what a caller sends stays one line that a terminal only shows") {
    CHECK(text_of(line_with("\x1b[2J\r\nGET /forged")) == "\"\\u001b[2J\\r\\nGET /forged\"\n");
    CHECK(text_of(line_with("a\"b\\c")) == "a\\\"b\\\\c\n");
    std::mt19937 random(4711);  // NOLINT: the same bytes every time
    std::string junk(300, '\0');
    for (int i = 0; i < 500; ++i) {
        for (auto& c : junk)
            c = static_cast<char>(random());
        const auto text = text_of(line_with(junk), true);
        REQUIRE(std::ranges::count(text, '\n') == 1);
        REQUIRE(text.back() == '\n');
        REQUIRE(std::ranges::none_of(
            text, [](unsigned char c) { return (c < 0x20 && c != '\n') || c == 0x7f; }));
    }
}

TEST_CASE("what turns or hides text is escaped, and other letters are not") {
    CHECK(text_of(line_with("a\u202eb\u200bc\u2066\ufeff")) == "a\\u202eb\\u200bc\\u2066\\ufeff\n");
    CHECK(text_of(line_with("h\u00e9\u20ac\U0001f600\u2027")) == "h\u00e9\u20ac\U0001f600\u2027\n");
    CHECK(text_of("{\"k\u202e\":1}\n") == "k\\u202e=1\n");
}

TEST_CASE("objects and lists within a line stay whole") {
    CHECK(text_of(R"({"message":"m","a":{"b":[1,"}],{"]},"c":[],"d":null})"
                  "\n") == R"(m a={"b":[1,"}],{"]} c=[] d=null)"
                           "\n");
}

TEST_CASE("what is no object of ours stays as it is") {
    for (const std::string line :
         {"\n", "{\n", "{}\n", "plain\n", "{\"a\":1\n", "{\"a\"}\n", "{\"a\":\"\n",
          "{\"a\":\"\\\"}\n", "{\"a\":1}x\n", "{\"a\":[1}\n", "{\"a\":1},\n", "{\"a\":}]\n",
          "[1]\n", "{\"a\":1}"}) {
        CAPTURE(line);
        CHECK(text_of(line) == line);
    }
}

TEST_CASE("whatever is cut off a line, nothing is read beyond it") {
    const std::string whole = R"({"a":"x\"y","b":{"c":[1,2]},"d":true})"
                              "\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const std::string part(whole, 0, size);
        CHECK(text_of(part) == part);
    }
}

TEST_CASE("colour is for terminals, and not for those who refuse it") {
    const int pipe = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(terminal >= 0);
    ::unsetenv("NO_COLOR");
    CHECK(shows_colour(terminal));
    CHECK_FALSE(shows_colour(pipe));
    ::setenv("NO_COLOR", "1", 1);
    CHECK_FALSE(shows_colour(terminal));
    ::setenv("NO_COLOR", "", 1);  // the same as not set
    CHECK(shows_colour(terminal));
    ::unsetenv("NO_COLOR");
    ::close(terminal);
    ::close(pipe);
}
