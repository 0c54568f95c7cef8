#include "policies.hpp"

#include <string>
#include <type_traits>

namespace beta::acl::test {
namespace {

static_assert(!std::is_default_constructible_v<Permit>);
static_assert(!std::is_constructible_v<Permit, std::uint32_t, Direction>);
static_assert(!std::is_aggregate_v<Permit>, "only evaluate() makes a permit");

TEST_CASE("what no rule allows is denied") {
    const auto empty = policy(wallet(""));
    CHECK(ingress(*empty, "ops/gateway", "wallet/payment") == "-default-deny");
    CHECK(egress(*empty, "wallet/payment", "ops/gateway") == "-default-deny");
    CHECK(ingress(*policy(wallet("allow: []\ndeny: []\n")), "ops/g", "wallet/p") ==
          "-default-deny");
}

TEST_CASE("an allow gives a permit for its destination and direction, a deny gives none") {
    const auto some = policy(wallet("allow:\n  - name: pays\n    from: {plane: ops}\n"));
    Request asked = request(Direction::ingress, "ops/g", "wallet/p", "GET", "/");
    asked.to.id = 42;
    const Decision allowed = evaluate(*some, asked);
    REQUIRE(allowed.allowed());
    CHECK(allowed.verdict == Verdict::allow);
    CHECK(allowed.permit->destination_id() == 42);
    CHECK(allowed.permit->direction() == Direction::ingress);
    CHECK(allowed.rule_id == 1);
    CHECK(allowed.reason == "a rule allows it");
    asked.from.plane = "chain";
    const Decision denied = evaluate(*some, asked);
    CHECK_FALSE(denied.allowed());
    CHECK(denied.verdict == Verdict::deny);
    CHECK(denied.rule_id == 0);
    CHECK(denied.reason == "no rule allows it");
}

TEST_CASE("a deny beats an allow of the same file, whichever stands first") {
    const std::string allow = "allow:\n  - {name: pays, from: {plane: ops}}\n";
    const std::string deny = "deny:\n  - {name: never, from: {plane: ops}, reason: not today}\n";
    for (const auto& lists : {allow + deny, deny + allow}) {
        const auto both = policy(wallet(lists));
        CHECK(ingress(*both, "ops/g", "wallet/p") == "-never");
        const auto asked = request(Direction::ingress, "ops/g", "wallet/p", "GET", "/");
        CHECK(evaluate(*both, asked).reason == "not today");
    }
}

TEST_CASE("of several rules that match, the first of the file is named") {
    const auto rules = policy(wallet(
        "allow:\n"
        "  - {name: narrow, from: {plane: ops, services: [g]}, methods: [GET], paths: [/x]}\n"
        "  - {name: wide, from: {plane: \"*\"}}\n"
        "  - {name: wide-again, from: {plane: ops}}\n"));
    CHECK(ingress(*rules, "ops/g", "wallet/p") == "+narrow");
    CHECK(ingress(*rules, "ops/g", "wallet/p", "PUT") == "+wide");
    CHECK(ingress(*rules, "chain/g", "wallet/p") == "+wide");
}

TEST_CASE("an absent side means this file's plane, never anything at all") {
    const auto rules = policy(wallet("allow:\n  - name: inside\n"));
    CHECK(egress(*rules, "wallet/a", "wallet/b") == "+inside");
    CHECK(ingress(*rules, "wallet/a", "wallet/b") == "+inside");
    CHECK(ingress(*rules, "ops/a", "wallet/b") == "-default-deny");
    CHECK(egress(*rules, "wallet/a", "ops/b") == "-default-deny");
}

TEST_CASE("an absent plane beside services means this file's plane") {
    const auto rules =
        policy(wallet("allow:\n  - {name: out, from: {services: [a]}, to: {plane: ops}}\n"
                      "  - {name: in, from: {plane: ops}, to: {services: [b]}}\n"));
    CHECK(egress(*rules, "wallet/a", "ops/x") == "+out");
    CHECK(egress(*rules, "wallet/b", "ops/x") == "-default-deny");
    CHECK(ingress(*rules, "ops/x", "wallet/b") == "+in");
    CHECK(ingress(*rules, "ops/x", "wallet/a") == "-default-deny");
}

TEST_CASE("the star plane is every plane, known to the file or not") {
    const auto rules =
        policy(wallet("allow:\n  - {name: in, from: {plane: \"*\"}}\n"
                      "deny:\n  - {name: out, to: {plane: \"*\"}}\n"));
    CHECK(ingress(*rules, "never-heard-of/x", "wallet/b") == "+in");
    CHECK(egress(*rules, "wallet/b", "never-heard-of/x") == "-out");
    CHECK(egress(*rules, "wallet/b", "wallet/c") == "-out");
}

TEST_CASE("a star plane with services is those services of every plane") {
    const auto rules =
        policy(wallet("allow:\n  - {name: in, from: {plane: \"*\", services: [probe]}}\n"));
    CHECK(ingress(*rules, "ops/probe", "wallet/b") == "+in");
    CHECK(ingress(*rules, "chain/probe", "wallet/b") == "+in");
    CHECK(ingress(*rules, "chain/other", "wallet/b") == "-default-deny");
}

TEST_CASE("a file decides egress of its plane and ingress into it, nothing else") {
    const auto rules =
        policy(wallet("allow:\n  - {name: all, from: {plane: \"*\"}, to: {plane: \"*\"}}\n"));
    CHECK(egress(*rules, "wallet/a", "ops/b") == "+all");
    CHECK(ingress(*rules, "ops/b", "wallet/a") == "+all");
    CHECK(egress(*rules, "ops/b", "wallet/a") == "-default-deny");
    CHECK(ingress(*rules, "wallet/a", "ops/b") == "-default-deny");
    CHECK(egress(*rules, "ops/a", "chain/b") == "-default-deny");
    CHECK(ingress(*rules, "ops/a", "chain/b") == "-default-deny");
}

TEST_CASE("a source of which only the plane is known satisfies no allow that names services") {
    const auto rules =
        policy(wallet("allow:\n  - {name: named, from: {plane: ops, services: [g]}}\n"
                      "  - {name: star, from: {plane: \"*\", services: [g]}}\n"
                      "  - {name: any, from: {plane: chain}}\n"));
    CHECK(ingress(*rules, "ops/g", "wallet/p") == "+named");
    CHECK(ingress(*rules, "ops/", "wallet/p") == "-default-deny");
    CHECK(ingress(*rules, "chain/", "wallet/p") == "+any");
}

TEST_CASE("a source of which only the plane is known satisfies every deny that names services") {
    const auto rules =
        policy(wallet("allow:\n  - {name: any, from: {plane: \"*\"}}\n"
                      "deny:\n  - {name: one, from: {plane: ops, services: [bad]}}\n"
                      "  - {name: star, from: {plane: \"*\", services: [worse]}, paths: [/w]}\n"));
    CHECK(ingress(*rules, "ops/good", "wallet/p") == "+any");
    CHECK(ingress(*rules, "ops/bad", "wallet/p") == "-one");
    CHECK(ingress(*rules, "ops/", "wallet/p") == "-one");
    CHECK(ingress(*rules, "chain/", "wallet/p") == "+any");
    CHECK(ingress(*rules, "chain/", "wallet/p", "GET", "/w") == "-star");
}

TEST_CASE("methods are matched exactly; a rule without methods matches every one") {
    const auto rules =
        policy(wallet("allow:\n  - {name: some, methods: [GET, POST], paths: [/a]}\n"
                      "  - {name: all, paths: [/b]}\n"
                      "deny:\n  - {name: trace, methods: [TRACE]}\n"));
    CHECK(egress(*rules, "wallet/a", "wallet/b", "GET", "/a") == "+some");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "get", "/a") == "-default-deny");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "PUT", "/a") == "-default-deny");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "BREW", "/b") == "+all");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "TRACE", "/b") == "-trace");
}

TEST_CASE("a method that one rule names does not hide a rule without methods") {
    const auto rules = policy(
        wallet("allow:\n  - {name: get, methods: [GET], paths: [/a]}\n"
               "  - {name: any, paths: [/a]}\n  - {name: put, methods: [PUT], paths: [/a]}\n"));
    CHECK(egress(*rules, "wallet/a", "wallet/b", "GET", "/a") == "+get");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "PUT", "/a") == "+any");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "POST", "/a") == "+any");
}

TEST_CASE("a literal does not hide a star that leads further") {
    const auto rules =
        policy(wallet("allow:\n  - {name: literal, paths: [/a/b/c]}\n"
                      "  - {name: star, paths: [/*/b/d]}\n"
                      "  - {name: stars, paths: [/*/*/e]}\n"
                      "  - {name: deep, paths: [/a/**]}\n"));
    const auto at = [&](const char* path) {
        return egress(*rules, "wallet/a", "wallet/b", "GET", path);
    };
    CHECK(at("/a/b/c") == "+literal");
    CHECK(at("/a/b/d") == "+star");
    CHECK(at("/a/b/e") == "+stars");
    CHECK(at("/a") == "+deep");
    CHECK(at("/z/b/d") == "+star");
    CHECK(at("/z/b/c") == "-default-deny");
}

TEST_CASE("a deny cannot be evaded by spelling a character as an escape") {
    const auto rules =
        policy(wallet("allow:\n  - {name: all}\n"
                      "deny:\n  - {name: cancel, paths: [\"/v1/x:cancel\"]}\n"));
    CHECK(egress(*rules, "wallet/a", "wallet/b", "POST", "/v1/x:cancel") == "-cancel");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "POST", "/v1/x%3Acancel") == "-cancel");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "POST", "/v1/x%3acancel") == "-cancel");
    CHECK(egress(*rules, "wallet/a", "wallet/b", "POST", "/v1/x%40cancel") == "+all");
}

TEST_CASE("a path that is not canonical is denied, whatever the rules allow") {
    const auto rules = policy(wallet("allow:\n  - name: all\n"));
    const auto path = GENERATE(
        values<std::string>({"",       "x",      "*",     "//x",     "/x//y",     "/./x", "/x/..",
                             "/%2e/x", "/x%2Fy", "/x%00", "/x;y",    "/x#y",      "/x?y", "/x\\y",
                             "/x y",   "/%zz",   "/%4",   "/%C0%AF", "/\xc3\xa4", "/%25", "/%41"}));
    DYNAMIC_SECTION("path " << path) {
        const Decision made =
            evaluate(*rules, request(Direction::egress, "wallet/a", "wallet/b", "GET", path));
        CHECK_FALSE(made.allowed());
        CHECK(made.reason == "the path is not canonical");
    }
}

TEST_CASE("a request that lacks a part is denied") {
    const auto rules =
        policy(wallet("allow:\n  - {name: all, from: {plane: \"*\"}, to: {plane: \"*\"}}\n"));
    CHECK(ingress(*rules, "/x", "wallet/b") == "-default-deny");
    CHECK(ingress(*rules, "ops/x", "wallet/") == "-default-deny");
    CHECK(egress(*rules, "wallet/x", "/b") == "-default-deny");
    CHECK(egress(*rules, "wallet/x", "ops/b", "") == "-default-deny");
}

TEST_CASE("an external host is denied while no rule can name one") {
    const auto rules =
        policy(wallet("allow:\n  - {name: all, from: {plane: \"*\"}, to: {plane: \"*\"}}\n"));
    Request asked = request(Direction::egress, "wallet/a", "/tron-mainnet", "GET", "/");
    asked.to.external = true;
    CHECK_FALSE(evaluate(*rules, asked).allowed());
    asked.to.plane = "wallet";
    CHECK_FALSE(evaluate(*rules, asked).allowed());
}

TEST_CASE("names of a request are literals: a star asks for no plane and no service") {
    const auto rules =
        policy(wallet("allow:\n  - {name: one, from: {plane: ops, services: [g]}}\n"));
    CHECK(ingress(*rules, "*/g", "wallet/p") == "-default-deny");
    CHECK(ingress(*rules, "ops/*", "wallet/p") == "-default-deny");
}

TEST_CASE("rules are numbered in the order of the file and have names") {
    const auto rules = policy(wallet("deny:\n  - name: first\nallow:\n  - name: second\n"));
    CHECK(rules->rule_count() == 3);
    CHECK(rules->rule_name(0) == "default-deny");
    CHECK(rules->rule_name(1) == "first");
    CHECK(rules->rule_name(2) == "second");
    CHECK(rules->rule_name(3) == "default-deny");
    CHECK(rules->plane() == "wallet");
    CHECK(rules->digest().size() == 64);
}

}  // namespace
}  // namespace beta::acl::test
