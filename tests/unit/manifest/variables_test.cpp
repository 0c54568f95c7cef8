#include "beta/manifest/variables.hpp"

#include <catch2/catch.hpp>

namespace beta::manifest {
namespace {

const Variables variables{{"A", "1"}, {"EMPTY", ""}};

struct Case {
    std::string text;
    std::string value;
};

TEST_CASE("each form of a variable has the value that Compose gives it") {
    const auto row = GENERATE(values<Case>({
        {"$A", "1"},
        {"${A}", "1"},
        {"x${A}y", "x1y"},
        {"$A-$A", "1-1"},
        {"$$A", "$A"},
        {"$EMPTY", ""},
        {"${A:-2}", "1"},
        {"${B:-2}", "2"},
        {"${B-2}", "2"},
        {"${EMPTY:-2}", "2"},
        {"${EMPTY-2}", ""},
        {"${B:-}", ""},
        {"${B:-a:b/c@d}", "a:b/c@d"},
        {"${B:-${A}}", "1"},
        {"${B:-${C:-{x}}}", "{x}"},
        {"${A:+2}", "2"},
        {"${B:+2}", ""},
        {"${A:?must}", "1"},
        {"${EMPTY?must}", ""},
    }));
    CAPTURE(row.text);
    CHECK(interpolate(row.text, variables).value() == row.value);
}

TEST_CASE("what has no value is refused with the name that lacks it") {
    const auto row = GENERATE(values<Case>({
        {"$B", "variable B"},
        {"${B}", "variable B"},
        {"${B:?set the digest}", "variable B: set the digest"},
        {"${EMPTY:?set it}", "set it"},
        {"${A", "without its"},
        {"$", "begins no variable"},
        {"$1", "begins no variable"},
        {"${1}", "names none"},
        {"${A!x}", "known are"},
        {"${B:-${C:-${D:-${E:-${F:-${G:-${H:-${I:-${J:-x}}}}}}}}}", "deeper than 8"},
    }));
    CAPTURE(row.text);
    const auto value = interpolate(row.text, variables);
    REQUIRE_FALSE(value);
    CHECK_THAT(value.error(), Catch::Contains(row.value));
}

TEST_CASE("a value cannot grow without end") {
    std::string text;
    for (int i = 0; i < 40'000; ++i)
        text += "$$$$";
    CHECK_FALSE(interpolate(text, variables));
}

TEST_CASE("the file .env is read as Compose reads it, and the shell wins over it") {
    Variables all{{"A", "shell"}};
    CHECK(add_env_file("# images\nA=file\nB = not\n", ".env", all).size() == 1);
    CHECK(add_env_file("A=file\n\nB=2 # two\r\nexport C='x # y'\nD=\"z\"\nE=\n", ".env", all)
              .empty());
    CHECK(all == Variables{{"A", "shell"}, {"B", "2"}, {"C", "x # y"}, {"D", "z"}, {"E", ""}});
    const auto problems = add_env_file("A=1\nnonsense\n", ".env", all);
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].str() ==
          ".env:2:1: error: must be NAME=VALUE, or a comment after # [MANIFEST_ENV_LINE]");
}

TEST_CASE("values are replaced wherever they stand, keys are not") {
    auto root = yaml::parse("a: [$A, {$A: \"${A}\"}]\nb: $B\n", "m.yaml").value();
    yaml::Reader reader("m.yaml", "MANIFEST_");
    interpolate(root, variables, reader);
    CHECK(root.find("a")->items[0].scalar == "1");
    CHECK(root.find("a")->items[1].members[0].first.scalar == "$A");
    CHECK(root.find("a")->items[1].members[0].second.scalar == "1");
    const auto problems = reader.take();
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].str() ==
          "m.yaml:2:4: error: the value needs the variable B; set it, or give a default as in "
          "${B:-default} [MANIFEST_VARIABLE]");
}

}  // namespace
}  // namespace beta::manifest
