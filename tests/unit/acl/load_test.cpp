#include "beta/acl/rule.hpp"

#include "policies.hpp"

#include <string>

namespace beta::acl::test {
namespace {

using Refusals = std::vector<std::string>;

struct Refused {
    const char* name;
    const char* lists;  // begins on line 3
    const char* expected;
};

TEST_CASE("what is not understood refuses the file, with its place") {
    const auto row = GENERATE(values<Refused>({
        {"unknown key of the file", "alow: []\n", "3:1 ACL_UNKNOWN_KEY"},
        {"list that is none", "allow: x\n", "3:8 ACL_EXPECTED_LIST"},
        {"list of nothing", "allow:\n", "3:1 ACL_EXPECTED_LIST"},
        {"rule that is a word", "allow: [x]\n", "3:9 ACL_EXPECTED_MAP"},
        {"unknown key of a rule", "allow: [{name: a, form: {plane: ops}}]\n",
         "3:19 ACL_UNKNOWN_KEY"},
        {"no name", "allow: [{methods: [GET]}]\n", "3:9 ACL_MISSING_KEY"},
        {"bad name", "allow: [{name: Pays}]\n", "3:16 ACL_RULE_NAME"},
        {"empty name", "allow: [{name: \"\"}]\n", "3:16 ACL_RULE_NAME"},
        {"name of the default", "allow: [{name: default-deny}]\n", "3:16 ACL_RULE_NAME"},
        {"repeated name", "allow: [{name: a}]\ndeny: [{name: a}]\n", "4:8 ACL_DUPLICATE_RULE"},
        {"side that is a word", "allow: [{name: a, from: ops}]\n", "3:25 ACL_EXPECTED_MAP"},
        {"side that is empty", "allow: [{name: a, from: {}}]\n", "3:25 ACL_EMPTY"},
        {"unknown key of a side", "allow: [{name: a, from: {service: [b]}}]\n",
         "3:26 ACL_UNKNOWN_KEY"},
        {"bad plane", "allow: [{name: a, from: {plane: Ops}}]\n", "3:33 ACL_NAME"},
        {"plane pattern", "allow: [{name: a, from: {plane: \"op*\"}}]\n", "3:33 ACL_NAME"},
        {"no service", "allow: [{name: a, from: {services: []}}]\n", "3:36 ACL_EMPTY"},
        {"service that is no list", "allow: [{name: a, from: {services: b}}]\n",
         "3:36 ACL_EXPECTED_LIST"},
        {"star service", "allow: [{name: a, from: {services: [\"*\"]}}]\n", "3:37 ACL_WORD"},
        {"service pattern", "allow: [{name: a, from: {services: [\"b-*\"]}}]\n", "3:37 ACL_WORD"},
        {"service twice", "allow: [{name: a, from: {services: [b, b]}}]\n", "3:40 ACL_REPEATED"},
        {"service in a list", "allow: [{name: a, from: {services: [[b]]}}]\n",
         "3:37 ACL_EXPECTED_VALUE"},
        {"no method", "allow: [{name: a, methods: []}]\n", "3:28 ACL_EMPTY"},
        {"method in lower case", "allow: [{name: a, methods: [get]}]\n", "3:29 ACL_WORD"},
        {"star method", "allow: [{name: a, methods: [\"*\"]}]\n", "3:29 ACL_WORD"},
        {"no path", "allow: [{name: a, paths: []}]\n", "3:26 ACL_EMPTY"},
        {"path without slash", "allow: [{name: a, paths: [x]}]\n", "3:27 ACL_WORD"},
        {"path twice", "allow: [{name: a, paths: [/x, /x]}]\n", "3:31 ACL_REPEATED"},
        {"empty reason", "deny: [{name: a, reason: \"\"}]\n", "3:26 ACL_REASON"},
        {"reason of two lines", "deny: [{name: a, reason: \"a\\nb\"}]\n", "3:26 ACL_REASON"},
        {"rule of other planes", "deny: [{name: a, from: {plane: ops}, to: {plane: chain}}]\n",
         "3:8 ACL_FOREIGN_RULE"},
        {"duplicate key", "allow: [{name: a, name: b}]\n", "3:19 YAML_DUPLICATE_KEY"},
    }));
    DYNAMIC_SECTION(row.name) {
        CHECK(refusals(wallet(row.lists)) == Refusals{row.expected});
    }
}

TEST_CASE("a file must say its version and its plane") {
    CHECK(refusals("allow: []\n") == Refusals{"1:1 ACL_MISSING_KEY", "1:1 ACL_MISSING_KEY"});
    CHECK(refusals("apiVersion: beta.acl/v2\nplane: a\n") == Refusals{"1:13 ACL_VERSION"});
    CHECK(refusals("apiVersion: \"\"\nplane: a\n") == Refusals{"1:13 ACL_VERSION"});
    CHECK(refusals("apiVersion: beta.acl/v1\nplane: \"*\"\n") == Refusals{"2:8 ACL_NAME"});
    CHECK(refusals("apiVersion: beta.acl/v1\nplane: [a]\n") == Refusals{"2:8 ACL_EXPECTED_VALUE"});
    CHECK(refusals("just words\n") == Refusals{"1:1 ACL_EXPECTED_MAP"});
}

TEST_CASE("every error of a file is reported at once") {
    CHECK(refusals(wallet("allow:\n  - {name: A, methods: [get], paths: [x]}\n"
                          "  - {name: b, from: {plane: Ops, services: []}}\n")) ==
          Refusals{"4:12 ACL_RULE_NAME", "4:25 ACL_WORD", "4:39 ACL_WORD", "5:29 ACL_NAME",
                   "5:44 ACL_EMPTY"});
}

TEST_CASE("an error names the rule, what was expected and the nearest word") {
    const auto parsed = Policy::parse(
        wallet("allow:\n  - {name: pays, methdos: [GET], paths: [\"/a*\"]}\n"), "acl/wallet.yaml");
    REQUIRE_FALSE(parsed);
    REQUIRE(parsed.error().size() == 2);
    CHECK(parsed.error()[0].str() ==
          "acl/wallet.yaml:4:18: error: unknown key \"methdos\" in rule \"pays\"; did you mean "
          "\"methods\"? Keys here: name, from, to, operations, methods, paths, when, limit, "
          "tunnel, mode, reason [ACL_UNKNOWN_KEY]");
    CHECK(
        parsed.error()[1].str() ==
        "acl/wallet.yaml:4:42: error: rule \"pays\": paths \"/a*\": * stands for a whole segment, "
        "as in /a/*/b; a literal star is %2A [ACL_WORD]");
}

TEST_CASE("a rule is kept as it was written") {
    const auto loaded = policy(
        wallet("allow:\n  - name: pays\n    from: {plane: ops, services: [g, h]}\n"
               "    to: {services: [p]}\n    methods: [GET, M-SEARCH]\n    paths: [/a/*, /b/**]\n"
               "    reason: \"because\"\n"));
    const Rule& rule = loaded->file().rule(1);
    CHECK(rule.name == "pays");
    CHECK(rule.verdict == Verdict::allow);
    CHECK(rule.from.plane == "ops");
    CHECK(rule.from.services == std::vector<std::string>{"g", "h"});
    CHECK(rule.to.plane == "wallet");
    CHECK(rule.methods == std::vector<std::string>{"GET", "M-SEARCH"});
    REQUIRE(rule.paths.size() == 2);
    CHECK(rule.paths[1].str() == "/b/**");
    CHECK(rule.reason == "because");
    CHECK(rule.line == 4);
    CHECK(rule.column == 5);
}

TEST_CASE("the digest is that of the text, so that a comment changes it") {
    CHECK(policy(wallet(""))->digest() == policy(wallet(""))->digest());
    CHECK(policy(wallet(""))->digest() != policy(wallet("# more\n"))->digest());
}

TEST_CASE("a file whose rules name more than 64 methods is refused at the first beyond") {
    std::string lists = "allow:\n";
    for (int i = 0; i < 65; ++i)
        lists += "  - {name: r" + std::to_string(i) + ", methods: [M" + std::to_string(i) + "]}\n";
    CHECK(refusals(wallet(lists)) == Refusals{"68:5 ACL_TOO_MANY_METHODS"});
}

TEST_CASE("a file whose index would be too large is refused at the rule that fills it") {
    std::string lists = "allow:\n";
    for (int rule = 0; rule < 20; ++rule) {
        std::string list;  // each service is in other rules than its neighbours: a class of its own
        for (int i = 0; i < 2000; ++i)
            if (((i * 2654435761u) >> (rule + 8) & 1u) != 0)
                list += (list.empty() ? "s" : ", s") + std::to_string(i);
        lists += "  - {name: r" + std::to_string(rule) + ", from: {services: [" + list +
                 "]}, to: {services: [" + list + "]}}\n";
    }
    const auto found = refusals(wallet(lists));
    REQUIRE(found.size() == 1);
    CHECK(found[0].ends_with("ACL_TOO_LARGE"));
}

}  // namespace
}  // namespace beta::acl::test
