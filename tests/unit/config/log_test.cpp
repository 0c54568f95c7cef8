#include "beta/config/share.hpp"

#include "configuration.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace beta::config {
namespace {

using Catch::Contains;

std::uint32_t millionths(std::string_view text) {
    const auto share = Share::parse(text);
    REQUIRE(share);
    return share->millionths();
}

Sample sample(const std::string& keys) {
    return parsed(needed + "log: { sample: { " + keys + " } }\n").log.sample;
}

TEST_CASE("a share is a percentage with up to four decimals") {
    CHECK(millionths("100%") == Share::whole);
    CHECK(millionths("100.0%") == Share::whole);
    CHECK(millionths("1%") == 10'000);
    CHECK(millionths("0.5%") == 5'000);
    CHECK(millionths("33.3333%") == 333'333);
    CHECK(millionths("0.0001%") == 1);
    CHECK(millionths("0%") == 0);
    for (const std::string_view text :
         {"", "%", "1", "0.01", "01%", "1,5%", ".5%", "1.%", "1.00001%", "100.0001%", "101%",
          "999%", "1000%", "-1%", "1 %", "1%%", "a%", "1.a%", "99999999999999999999%"}) {
        CAPTURE(text);
        CHECK_FALSE(Share::parse(text).has_value());
    }
}

TEST_CASE("a share takes that part of all draws, and no draw that a larger one leaves") {
    CHECK(Share().takes(0xffffffff));
    CHECK_FALSE(Share::parse("0%")->takes(0));
    const auto half = *Share::parse("50%");
    CHECK(half.takes(0x7fffffff));
    CHECK_FALSE(half.takes(0x80000000));
    CHECK(Share::parse("0.0001%")->takes(4'294));
    CHECK_FALSE(Share::parse("0.0001%")->takes(4'295));
}

TEST_CASE("every request has its line unless a share says otherwise") {
    CHECK(parsed(needed).log.sample == Sample{});
    CHECK(sample("ok: 1%").ok == *Share::parse("1%"));
    CHECK(sample("denied: 10%").denied == *Share::parse("10%"));
    CHECK(sample("failed: 50%").failed == *Share::parse("50%"));
    CHECK(sample("ok: 1%").failed.is_all());
    CHECK_THAT(error_of(needed + "log: { sample: { ok: 5 } }\n"),
               Contains(":6:22: error: log.sample.ok must be a share from 0% to 100%, as in 5% or "
                        "0.01%; found \"5\""));
}

TEST_CASE("rules have shares of their own, in the file or in a variable") {
    const auto of_file = sample("rules: { health: 0.1%, gateway-pays: 100% }").rules;
    REQUIRE(of_file.size() == 2);
    CHECK(of_file[0] == Sample::Rule{.name = "health", .share = *Share::parse("0.1%")});
    CHECK(of_file[1].name == "gateway-pays");
    const auto of_variable = parsed(needed + "log: { sample: { rules: { a: 1% } } }\n",
                                    {{"BETA_LOG_SAMPLE_RULES", "b=2%,c=3%"}});
    REQUIRE(of_variable.log.sample.rules.size() == 2);
    CHECK(of_variable.log.sample.rules[1] ==
          Sample::Rule{.name = "c", .share = *Share::parse("3%")});
    CHECK(parsed(needed, {{"BETA_LOG_SAMPLE_RULES", ""}}).log.sample.rules.empty());
    for (const std::string text : {"a", "a=1", "=1%", "a=1%,", ",a=1%", "a=1%,a=2%", "a=1%;b=2%"}) {
        CAPTURE(text);
        CHECK_THAT(error_of(needed, {{"BETA_LOG_SAMPLE_RULES", text}}),
                   Contains("BETA_LOG_SAMPLE_RULES: error: log.sample.rules "));
    }
}

TEST_CASE("what is no share of a rule is refused at its place, and so are too many rules") {
    CHECK_THAT(error_of(needed + "log: { sample: { rules: [a] } }\n"),
               Contains(":6:25: error: log.sample.rules must be a map of rules to shares"));
    CHECK_THAT(error_of(needed + "log: { sample: { rules: { a: 1 } } }\n"),
               Contains(":6:30: error: log.sample.rules of \"a\" must be a share"));
    CHECK_THAT(error_of(needed + "log: { sample: { rules: { a: [] } } }\n"), Contains(":6:30: "));
    std::string many = "rules: { r0: 1%";
    for (std::size_t i = 1; i < Sample::most_rules; ++i)
        many += ", r" + std::to_string(i) + ": 1%";
    CHECK(sample(many + " }").rules.size() == Sample::most_rules);
    CHECK_THAT(error_of(needed + "log: { sample: { " + many + ", more: 1% } } }\n"),
               Contains("must be of at most 64 rules"));
}

TEST_CASE("the log is JSON on stdout, unless it is text or requests have a file") {
    CHECK(parsed(needed).log == Log{});
    const auto log =
        parse(needed + "log: { format: text, file: a.log }\n", "/etc/beta/sidecar.yaml", {})->log;
    CHECK(log == Log{.format = LogFormat::text, .file = "/etc/beta/a.log"});
    CHECK(parsed(needed + "log: { format: json, file: off }\n").log == Log{});
    CHECK_THAT(error_of(needed + "log: { format: xml }\n"), Contains("must be json or text"));
    CHECK_THAT(error_of(needed + "log: { file: a.log }\naudit: { file: a.log }\n"),
               Contains(":6:") && Contains("log.file and audit.file are both a.log") &&
                   Contains("CONFIG_SAME_FILE"));
}

}  // namespace
}  // namespace beta::config
