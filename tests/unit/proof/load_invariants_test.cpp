#include "sets.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Catch::Contains;

const std::string wallet =
    "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
    "  - {name: ops-pays, from: {plane: ops}, to: {services: [tron-payment]}}\n";

/// "line:column code" of each error in one invariant that begins on line 3.
std::vector<std::string> refusals(const std::string& item) {
    const auto loaded =
        load_invariants("apiVersion: beta.invariants/v1\ninvariants:\n  - " + item + '\n', "i.yaml",
                        policies_of({wallet}), {});
    std::vector<std::string> out;
    if (!loaded)
        for (const auto& problem : loaded.error())
            out.push_back(std::to_string(problem.line) + ':' + std::to_string(problem.column) +
                          ' ' + problem.code);
    return out;
}

}  // namespace

TEST_CASE("an invariant that is not understood is refused with its place") {
    using Row = std::pair<std::string, std::vector<std::string>>;
    const auto [item, expected] = GENERATE(values<Row>({
        {"{name: a, nevr: {}}", {"3:15 INVARIANT_UNKNOWN_KEY", "3:5 INVARIANT_EMPTY"}},
        {"{name: a}", {"3:5 INVARIANT_EMPTY"}},
        {"{name: A, never: {}}", {"3:12 INVARIANT_NAME"}},
        {"{never: {}}", {"3:5 INVARIANT_MISSING_KEY"}},
        {"{name: a, never: {}, always: {}}", {"3:34 INVARIANT_TWICE"}},
        {"{name: a, only: {to: {plane: wallet}}}", {"3:21 INVARIANT_ONLY_WHOM"}},
        {"{name: a, never: {}, at: both}", {"3:30 INVARIANT_AT"}},
        {"{name: a, never: {to: {}}}", {"3:27 INVARIANT_EMPTY"}},
        {"{name: a, never: {to: {plane: wallt}}}", {"3:35 INVARIANT_UNKNOWN_NAME"}},
        {"{name: a, never: {to: {services: [tron-paymnt]}}}", {"3:39 INVARIANT_WORD"}},
        {"{name: a, never: {to: {external: [moon]}}}", {"3:39 INVARIANT_WORD"}},
        {"{name: a, never: {to: {plane: ops, external: \"*\"}}}", {"3:50 INVARIANT_EXTERNAL"}},
        {"{name: a, never: {from: {external: \"*\"}}}", {"3:30 INVARIANT_UNKNOWN_KEY"}},
        {"{name: a, never: {operation: pay}}", {"3:34 INVARIANT_UNKNOWN_NAME"}},
        {"{name: a, never: {operation: pay, paths: [/]}}",
         {"3:22 INVARIANT_OPERATIONS", "3:34 INVARIANT_UNKNOWN_NAME"}},
        {"{name: a, never: {methods: []}}", {"3:32 INVARIANT_EMPTY"}},
        {"{name: a, never: {methods: [get]}}", {"3:33 INVARIANT_WORD"}},
        {"{name: a, never: {paths: [/a*]}}", {"3:31 INVARIANT_WORD"}},
        {"{name: a, never: {headers: {X-A: [b]}}}", {"3:33 INVARIANT_HEADERS"}},
        {"{name: a, never: {tunnel: yes}}", {"3:31 INVARIANT_TUNNEL"}},
        {"{name: a, never: {except: {}}}", {"3:31 INVARIANT_EMPTY"}},
        {"{name: a, never: &x {}}", {"3:22 YAML_ANCHOR"}},
    }));
    INFO(item);
    CHECK(refusals(item) == expected);
}

TEST_CASE("a misspelt name is refused with the nearest one, because nothing would ever break it") {
    const auto loaded = load_invariants(
        "apiVersion: beta.invariants/v1\ninvariants:\n"
        "  - {name: a, never: {to: {services: [tron-paymnt]}}}\n",
        "i.yaml", policies_of({wallet}), {});
    REQUIRE_FALSE(loaded);
    CHECK_THAT(loaded.error().front().str(), Contains("did you mean \"tron-payment\"?"));
}

TEST_CASE("a file says how callees know callers: by certificate, unless it says by listener") {
    using Row = std::pair<std::string, model::KnownBy>;
    const auto [line, expected] = GENERATE(values<Row>({
        {"", model::KnownBy::certificate},
        {"identity: certificate\n", model::KnownBy::certificate},
        {"identity: listener\n", model::KnownBy::listener},
    }));
    const auto loaded = load_invariants(
        "apiVersion: beta.invariants/v1\n" + line + "invariants: [{name: a, never: {}}]\n",
        "i.yaml", policies_of({wallet}), {});
    REQUIRE(loaded);
    CHECK(loaded->known_by == expected);
}

TEST_CASE("an identity of another word is refused with both that there are") {
    const auto loaded = load_invariants(
        "apiVersion: beta.invariants/v1\nidentity: plane\ninvariants: [{name: a, never: {}}]\n",
        "i.yaml", policies_of({wallet}), {});
    REQUIRE_FALSE(loaded);
    REQUIRE(loaded.error().size() == 1);
    CHECK(loaded.error().front().str() ==
          "i.yaml:2:11: error: identity \"plane\" is neither certificate (ingress knows plane and "
          "service) nor listener (the plane alone) [INVARIANT_IDENTITY]");
}

TEST_CASE("two invariants of one name, none at all, or another version are refused") {
    const auto policies = policies_of({wallet});
    const auto refused = [&](const std::string& text) {
        return !load_invariants(text, "i.yaml", policies, {});
    };
    CHECK(
        refused("apiVersion: beta.invariants/v1\ninvariants:\n"
                "  - {name: a, never: {}}\n  - {name: a, never: {}}\n"));
    CHECK(refused("apiVersion: beta.invariants/v1\ninvariants: []\n"));
    CHECK(refused("apiVersion: beta.invariants/v2\ninvariants: [{name: a, never: {}}]\n"));
    CHECK_FALSE(refused("apiVersion: beta.invariants/v1\ninvariants: [{name: a, never: {}}]\n"));
}

}  // namespace beta::proof::test
