#include "beta/proof/lint.hpp"

#include "sets.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Catch::Contains;

/// "line CODE" of each finding in one file of plane wallet whose lists begin on line 3.
std::vector<std::string> findings(const std::string& lists, const Names& names = {},
                                  model::KnownBy known_by = model::KnownBy::certificate) {
    std::vector<std::string> out;
    for (const auto& one : lint(policies_of({"apiVersion: beta.acl/v1\nplane: wallet\n" + lists}),
                                names, nullptr, known_by))
        out.push_back(std::to_string(one.line) + ' ' + one.code);
    return out;
}

using Found = std::vector<std::string>;

}  // namespace

TEST_CASE("a rule whose requests earlier rules of its list decide is shadowed") {
    CHECK(findings("allow:\n"
                   "  - {name: a, paths: [/a/**]}\n"
                   "  - {name: b, methods: [GET], paths: [/a/b, /a/]}\n"
                   "  - {name: c, paths: [/c]}\n") == Found{"5 LINT_SHADOWED"});
    CHECK(findings("deny:\n"
                   "  - {name: a, to: {services: [bank]}}\n"
                   "  - {name: b, methods: [GET]}\n"
                   "  - {name: c, methods: [GET], to: {services: [bank]}}\n") ==
          Found{"6 LINT_SHADOWED"});
}

TEST_CASE("several rules together shadow what none of them does alone") {
    const std::string both =
        "  - {name: a, paths: [/a/*/**]}\n"
        "  - {name: b, paths: [/a, /a/]}\n";
    CHECK(findings("allow:\n" + both + "  - {name: c, paths: [/a/**]}\n") ==
          Found{"6 LINT_SHADOWED"});
    CHECK(findings("allow:\n" + both + "  - {name: c, paths: [/a/**, /b]}\n").empty());
    CHECK(findings("allow:\n  - {name: a, paths: [/a/*/**]}\n  - {name: b, paths: [/a]}\n"
                   "  - {name: c, paths: [/a/**]}\n")
              .empty());  // "/a/" is left to c
}

TEST_CASE("an allow that denies take all of allows nothing") {
    CHECK(findings("allow:\n  - {name: a, paths: [/a/b], methods: [GET]}\n"
                   "deny:\n  - {name: b, paths: [/a/**]}\n") == Found{"4 LINT_DENIED"});
    CHECK(findings("allow:\n  - {name: a, paths: [/a/b]}\n"
                   "deny:\n  - {name: b, methods: [GET], paths: [/a/**]}\n")
              .empty());
}

TEST_CASE("a deny in mode report takes nothing from an allow") {
    CHECK(findings("allow:\n  - {name: a, paths: [/a/b]}\n"
                   "deny:\n  - {name: b, paths: [/a/**], mode: report}\n")
              .empty());
}

TEST_CASE("an allow, or one operation of it, may be prohibited whole") {
    const std::string head =
        "operations:\n  pay: {paths: [/pay]}\n  anchor: {paths: [/s/**]}\n"
        "prohibit: [anchor]\nallow:\n";
    CHECK(
        findings(head + "  - {name: a, paths: [/s/1, /s/2]}\n  - {name: b, operations: [pay]}\n") ==
        Found{"8 LINT_PROHIBITED"});
    CHECK(findings(head + "  - {name: a, operations: [pay, anchor]}\n") ==
          Found{"8 LINT_PROHIBITED"});
}

TEST_CASE("by listener, an allow that names services of another plane meets nobody") {
    const std::string allow =
        "allow:\n  - {name: a, from: {plane: ops, services: [cron]}, methods: [GET]}\n";
    CHECK(findings(allow).empty());
    CHECK(findings(allow, {}, model::KnownBy::listener) == Found{"4 LINT_UNREACHABLE"});
    CHECK_THAT(lint(policies_of({"apiVersion: beta.acl/v1\nplane: wallet\n" + allow}), {}, nullptr,
                    model::KnownBy::listener)
                   .front()
                   .message,
               Contains("identity: listener"));
    const std::string own = "allow:\n  - {name: a, from: {services: [bank]}, methods: [GET]}\n";
    CHECK(findings(own, {}, model::KnownBy::listener).empty());  // egress knows its own service
}

TEST_CASE("by listener, a deny that names services takes all that its plane is allowed") {
    const std::string both =
        "allow:\n  - {name: a, from: {plane: ops}, methods: [GET]}\n"
        "deny:\n  - {name: b, from: {plane: ops, services: [cron]}}\n";
    CHECK(findings(both).empty());
    CHECK(findings(both, {}, model::KnownBy::listener) == Found{"4 LINT_DENIED"});
}

TEST_CASE("an allow of everything between planes is broad, within one plane it is not") {
    CHECK(findings("allow:\n  - {name: a, from: {plane: ops}}\n") == Found{"4 LINT_BROAD"});
    CHECK(findings("allow:\n  - {name: a, from: {plane: \"*\"}, paths: [/x, /**]}\n") ==
          Found{"4 LINT_BROAD"});
    CHECK(findings("allow:\n  - {name: a, from: {plane: ops}, methods: [GET]}\n").empty());
    CHECK(findings("allow:\n  - {name: a}\n").empty());
}

TEST_CASE("names are looked up in the directory, on the plane that the rule says") {
    const Names names{
        .services = {{"bank", "wallet"}, {"cron", "ops"}}, .external = {"tron"}, .known = true};
    CHECK(findings("allow:\n"
                   "  - {name: a, from: {plane: ops, services: [cron]}, to: {services: [bank]},\n"
                   "     methods: [GET]}\n"
                   "  - {name: b, to: {external: [tron]}, tunnel: true}\n",
                   names)
              .empty());
    const auto found = findings(
        "allow:\n"
        "  - {name: a, from: {plane: ops, services: [bank]}, paths: [/]}\n"
        "  - {name: b, to: {services: [bnk]}}\n"
        "  - {name: c, to: {external: [moon]}}\n",
        names);
    for (const std::string& expected :
         {"4 LINT_UNKNOWN_NAME", "5 LINT_UNKNOWN_NAME", "6 LINT_UNKNOWN_NAME"}) {
        INFO(expected);
        CHECK(std::ranges::find(found, expected) != found.end());
    }
}

TEST_CASE("an operation that nothing names, and a rule that no test meets, are found") {
    CHECK(findings("operations: {pay: {paths: [/pay]}}\nallow: [{name: a, methods: [GET]}]\n") ==
          Found{"3 LINT_UNUSED"});
    const auto policies = policies_of(
        {"apiVersion: beta.acl/v1\nplane: wallet\nallow: [{name: a, paths: [/a]}, {name: b, paths: "
         "[/b]}]\n"});
    const Covered covered{{"wallet", {1}}};
    const auto found = lint(policies, {}, &covered);
    REQUIRE(found.size() == 1);
    CHECK(found.front().code == "LINT_UNTESTED");
    CHECK_THAT(found.front().str(), Contains("allow b: "));
    const Covered elsewhere{{"ops", {1}}};
    CHECK(lint(policies, {}, &elsewhere).size() == 1);
}

TEST_CASE("a finding names the rules that decide instead, as text and as JSON") {
    const auto found = lint(policies_of({"apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
                                         "  - {name: first, paths: [/a/**]}\n"
                                         "  - {name: second, paths: [/a]}\n"}),
                            {});
    REQUIRE(found.size() == 1);
    CHECK_THAT(found.front().str(), Contains("0.yaml:5:5: warning: allow second: never decides") &&
                                        Contains("first (line 4)"));
    CHECK_THAT(to_json(found), Contains("\"line\":5,\"code\":\"LINT_SHADOWED\""));
}

}  // namespace beta::proof::test
