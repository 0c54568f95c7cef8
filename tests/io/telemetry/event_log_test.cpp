#include "beta/telemetry/event_log.hpp"

#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>
#include <string>

using namespace beta;
using namespace beta::telemetry;
using testing::lines_of;
using testing::parse_json;

namespace {

template <class Write>
std::vector<std::string> logged(config::LogLevel least, Write write) {
    std::ostringstream out;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
        EventLog log(writer, least);
        write(log);
    }
    return lines_of(out.str());
}

}  // namespace

TEST_CASE("an event is one JSON line with its level, words and fields") {
    const auto lines = logged(config::LogLevel::info, [](EventLog& log) {
        log.warn("listening\n\"here\"", {{"listener", "egress"}, {"address", "127.0.0.1:15001"}});
    });
    REQUIRE(lines.size() == 1);
    const auto object = parse_json(lines[0]).as_object();
    CHECK(testing::word(object, "log") == "sidecar");
    CHECK(testing::word(object, "level") == "warn");
    CHECK(testing::word(object, "message") == "listening\n\"here\"");
    CHECK(testing::word(object, "listener") == "egress");
    CHECK(testing::word(object, "address") == "127.0.0.1:15001");
    CHECK(testing::word(object, "timestamp").size() == 24);
}

TEST_CASE("events below the configured level are not written") {
    const auto lines = logged(config::LogLevel::warn, [](EventLog& log) {
        log.debug("one");
        log.info("two");
        log.warn("three");
        log.error("four");
    });
    REQUIRE(lines.size() == 2);
    CHECK(testing::word(parse_json(lines[0]).as_object(), "message") == "three");
    CHECK(testing::word(parse_json(lines[1]).as_object(), "level") == "error");
}

TEST_CASE("an event of any size stays a valid line") {
    const std::string huge(100'000, '\x02');
    const auto lines = logged(config::LogLevel::debug, [&](EventLog& log) {
        log.debug(huge, {{"a", huge},
                         {"b", huge},
                         {"c", huge},
                         {"d", huge},
                         {"e", huge},
                         {"f", huge},
                         {"g", huge},
                         {"h", huge},
                         {"i", huge},
                         {"j", huge},
                         {"k", huge}});
    });
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].size() < LogBlock::capacity);
    CHECK(parse_json(lines[0]).as_object().contains("j"));
    CHECK_FALSE(parse_json(lines[0]).as_object().contains("k"));
}
