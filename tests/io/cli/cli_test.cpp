#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

TEST_CASE("help lists every command and exits 0") {
    const auto* const word = GENERATE(values<const char*>({"-h", "--help"}));
    const auto outcome = beta_sidecar({word});
    CHECK(outcome.code == 0);
    for (const auto* command : {"run", "check", "acl", "healthcheck", "wait", "version"})
        CHECK_THAT(outcome.out, Contains(command));
    CHECK(outcome.err.empty());
}

TEST_CASE("a wrong command line is 64 and says what is wrong") {
    struct Row {
        std::vector<std::string> words;
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {{"fly"}, "fly"},
        {{"check", "--fast"}, "--fast"},
        {{"check", "extra"}, "extra"},
        {{"--sideways"}, "--sideways"},
        {{"acl"}, "subcommand"},
        {{"acl", "explain"}, "required"},
        {{"healthcheck", "--live", "--ready"}, "excludes"},
        {{"wait", "--admin", "127.0.0.1:1", "-c", "x"}, "excludes"},
        {{"-c"}, "--config"},
    }));
    DYNAMIC_SECTION(row.says) {
        const auto outcome = beta_sidecar(row.words);
        CHECK(outcome.code == 64);
        CHECK_THAT(outcome.err, Contains(row.says));
        CHECK(outcome.out.empty());
    }
}

TEST_CASE("version tells program, version and compiler") {
    const auto* const word = GENERATE(values<const char*>({"version", "-V", "--version"}));
    const auto outcome = beta_sidecar({word});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Catch::StartsWith("beta-sidecar "));
    CHECK_THAT(outcome.out, Contains("clang") || Contains("gcc"));
}

TEST_CASE("version as JSON is one object") {
    const auto outcome = beta_sidecar({"version", "--json"});
    CHECK(outcome.code == 0);
    CHECK(beta::testing::parse_json(outcome.out).as_object().contains("version"));
}

TEST_CASE("without a command it is run, and run binds nothing when the configuration is bad") {
    const Deployment files;
    files.write("sidecar.yaml", "service: api-gateway\n");
    for (const auto& outcome : {beta_sidecar({"-c", files.config_path()}),
                                beta_sidecar({"run", "-c", files.config_path()})}) {
        CHECK(outcome.code == 78);
        CHECK_THAT(outcome.err, Contains("plane") && Contains("sidecar.yaml"));
        CHECK(outcome.out.empty());
    }
}
