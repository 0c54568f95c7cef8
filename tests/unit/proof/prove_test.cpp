#include "beta/proof/prove.hpp"

#include "sets.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Status = Proof::Status;
using Catch::Contains;
using model::KnownBy;

const std::string ops =
    "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
    "  - {name: gateway-pays, from: {services: [api-gateway]},\n"
    "     to: {plane: wallet, services: [tron-payment]}, methods: [POST], paths: [/payouts/**]}\n";
const std::string wallet =
    "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
    "  - {name: ops-pays, from: {plane: ops}, to: {services: [tron-payment]}}\n"
    "deny:\n"
    "  - {name: nothing-inside, from: {plane: \"*\"}, paths: [/payouts/internal/**]}\n";

Proof proof_of(const std::string& invariant, const Policies& policies, const Names& names = {},
               KnownBy known_by = KnownBy::certificate) {
    return prove(invariant_of(invariant, policies, names), policies, names, known_by);
}

}  // namespace

TEST_CASE("what no pair of rules lets through is proved") {
    const auto policies = policies_of({ops, wallet});
    CHECK(proof_of("only: {from: {plane: ops, services: [api-gateway]},"
                   "       to: {services: [tron-payment]}}",
                   policies)
              .status == Status::proved);
    CHECK(proof_of("never: {to: {plane: wallet}, methods: [GET]}", policies).status ==
          Status::proved);
    CHECK(
        proof_of("never: {to: {plane: wallet}, paths: [/payouts/internal/**]}", policies).status ==
        Status::proved);
}

TEST_CASE("a broken invariant comes with a shortest call and the rules of both sides") {
    const auto policies = policies_of({ops, wallet});
    const Proof proof = proof_of("never: {to: {plane: wallet}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(*proof.call == Call{.from_plane = "ops",
                              .from_service = "api-gateway",
                              .callee_knows_service = true,
                              .to_plane = "wallet",
                              .to_name = "tron-payment",
                              .method = "POST",
                              .path = "/payouts",
                              .headers = {},
                              .tunnel = false});
    REQUIRE(proof.sides.size() == 2);
    CHECK(proof.sides[0].rule == "gateway-pays");
    CHECK(proof.sides[1].rule == "ops-pays");
    CHECK(proof.sides[1].line == 4);
}

TEST_CASE("an exception leaves the rest to be proved") {
    const auto policies = policies_of({ops, wallet});
    CHECK(proof_of("never: {to: {plane: wallet},"
                   "        except: [{paths: [/payouts/*, /payouts, /payouts/]}, "
                   "                 {paths: [/payouts/*/**]}]}",
                   policies)
              .status == Status::proved);
    const Proof proof =
        proof_of("never: {to: {plane: wallet}, except: {paths: [/payouts/*, /payouts]}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.call->path == "/payouts/");
}

TEST_CASE("a path that patterns leave open is found however deep it lies") {
    std::string stars;
    std::string denied = "\"/\"";
    for (int i = 0; i < 32; ++i) {
        stars += "/*";
        denied += ", \"" + stars + '"' + (i < 31 ? ", \"" + stars + "/\"" : "");
    }
    const auto policies =
        policies_of({"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all}\ndeny:\n"
                     "  - {name: short, paths: [" +
                     denied + "]}\n"});
    const Proof proof = proof_of("never: {from: {plane: ops}, to: {plane: ops}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(std::ranges::count(proof.call->path, '/') == 33);
}

TEST_CASE("a literal that is spelt with escapes comes back in a canonical spelling") {
    const auto policies =
        policies_of({"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all, paths: "
                     "[/a%20b/%C3%A4:%3A]}\n"});
    const Proof proof = proof_of("never: {from: {plane: ops}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.call->path == "/a%20b/%C3%A4::");
}

TEST_CASE("methods that nobody names are spoken of too") {
    const auto policies = policies_of(
        {"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all, paths: [/x]}\n"});
    const Proof proof = proof_of(
        "never: {from: {plane: ops}, except: {methods: [GET, POST, PUT, DELETE]}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.call->method == "OTHER");
}

TEST_CASE("each operation of a rule has its methods for its own paths alone") {
    const auto policies = policies_of(
        {"apiVersion: beta.acl/v1\nplane: ops\n"
         "operations: {read: {methods: [GET], paths: [/a]}, pay: {methods: [POST], paths: [/b]}}\n"
         "allow:\n  - {name: both, operations: [read, pay]}\n"});
    const Proof proof = proof_of("never: {from: {plane: ops}, paths: [/b]}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.call->method == "POST");
    CHECK(proof_of("never: {from: {plane: ops}, methods: [GET], paths: [/b]}", policies).status ==
          Status::proved);
}

TEST_CASE("a request may have several values of a header, and a line of several") {
    const auto all =
        policies_of({"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all}\n"});
    const Proof two = proof_of(
        "never: {from: {plane: ops}, headers: {x-a: [a]}, except: {headers: {x-a: [a]}}}", all);
    REQUIRE(two.status == Status::broken);
    CHECK(two.call->headers.size() == 2);
    const auto whole =
        policies_of({"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all}\n"
                     "deny:\n  - {name: no, when: {headers: {x-a: [\"a,b\"]}}}\n"});
    const Proof line =
        proof_of("always: {from: {plane: ops}, to: {plane: ops}, headers: {x-a: [a, b]}}", whole);
    REQUIRE(line.status == Status::broken);
    CHECK(line.call->headers.front().second == "a,b");
}

TEST_CASE("what names the caller's service holds by certificate, and lets nobody in by listener") {
    const std::string strict =
        "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
        "  - {name: gateway, from: {plane: ops, services: [api-gateway]}}\n";
    const auto policies = policies_of({ops, strict});
    const std::string text =
        "always: {from: {plane: ops, services: [api-gateway]},"
        "         to: {plane: wallet, services: [tron-payment]}, methods: [POST],"
        "         paths: [/payouts]}";
    CHECK(proof_of(text, policies).status == Status::proved);
    const Proof proof = proof_of(text, policies, {}, KnownBy::listener);
    REQUIRE(proof.status == Status::broken);
    CHECK_FALSE(proof.call->callee_knows_service);
    CHECK(proof_of(text, policies_of({ops, wallet}), {}, KnownBy::listener).status ==
          Status::proved);
    const std::string only =
        "only: {from: {plane: ops, services: [api-gateway]}, to: {plane: wallet}}, at: ingress";
    CHECK(proof_of(only, policies).status == Status::proved);
    const Proof open = proof_of(only, policies_of({ops, wallet}));
    REQUIRE(open.status == Status::broken);
    CHECK(open.call->from_service != "api-gateway");
}

TEST_CASE("a deny that names services stops the whole plane by listener") {
    const std::string strict =
        "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
        "  - {name: all, from: {plane: ops}}\n"
        "deny:\n  - {name: cron, from: {plane: ops, services: [cron]}}\n";
    const std::string text = "never: {from: {plane: ops}, to: {plane: wallet}}, at: ingress";
    const Proof proof = proof_of(text, policies_of({strict}));
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.call->from_service != "cron");
    CHECK(proof_of(text, policies_of({strict}), {}, KnownBy::listener).status == Status::proved);
}

TEST_CASE("a plane without a file is assumed to let everything out") {
    const auto policies = policies_of({wallet});
    const Proof proof = proof_of("never: {from: {plane: ops}, to: {plane: wallet}}", policies);
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.sides[0].file.empty());
    CHECK_THAT(to_text({.file_name = "i.yaml", .list = {Invariant{}}}, {proof}),
               Contains("no file of plane ops was given"));
}

TEST_CASE("of a plane without a file nothing is known to pass always") {
    const auto policies = policies_of({ops});
    const std::string text =
        "always: {from: {plane: ops, services: [api-gateway]},"
        "         to: {plane: wallet, services: [tron-payment]},"
        "         methods: [POST], paths: [/payouts]}";
    const Proof proof = proof_of(text, policies);
    REQUIRE(proof.status == Status::broken);
    CHECK_FALSE(proof.sides[1].passes);
    CHECK(proof_of(text + ", at: egress", policies).status == Status::proved);
}

TEST_CASE("one side alone may have to hold") {
    const auto policies = policies_of({ops, wallet});
    CHECK(proof_of("never: {from: {plane: ops, services: [cron]}, to: {plane: wallet}}", policies,
                   {.services = {{"cron", "ops"}}, .external = {}})
              .status == Status::proved);
    const Proof proof =
        prove(invariant_of("never: {from: {plane: ops, services: [cron]}, "
                           "to: {plane: wallet}}, at: each",
                           policies, {.services = {{"cron", "ops"}}, .external = {}}),
              policies, {});
    REQUIRE(proof.status == Status::broken);
    CHECK(proof.at == At::ingress);
    CHECK(proof.sides.size() == 1);
}

TEST_CASE("an invariant that speaks of nothing is not proved") {
    const auto policies = policies_of({ops, wallet});
    CHECK(proof_of("never: {to: {plane: wallet}, tunnel: false, except: {paths: [/**]}}", policies)
              .status == Status::empty);
    CHECK(proof_of("never: {from: {plane: ops}, to: {plane: wallet}}, at: egress",
                   policies_of({wallet}))
              .status == Status::empty);
}

TEST_CASE("with a directory the proof is about its names alone") {
    const auto policies =
        policies_of({"apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all, to: {plane: "
                     "wallet}, methods: [GET]}\n"});
    const Names names{
        .services = {{"cron", "ops"}, {"bank", "wallet"}}, .external = {}, .known = true};
    const std::string text =
        "never: {to: {plane: wallet}, except: {to: {services: [bank]}, methods: [GET]}}";
    CHECK(proof_of(text, policies, names).status == Status::proved);
    CHECK(prove(invariant_of(text, policies, names), policies, {}).status == Status::broken);
}

TEST_CASE("a proof as JSON says the same") {
    const auto policies = policies_of({ops, wallet});
    const auto invariant = invariant_of("never: {to: {plane: wallet}}", policies);
    const auto text =
        to_json({.file_name = "i.yaml", .list = {invariant}}, {prove(invariant, policies, {})});
    CHECK_THAT(text, Contains("\"proved\":false") && Contains("\"path\":\"/payouts\"") &&
                         Contains("\"rule\":\"gateway-pays\"") &&
                         Contains("\"identity\":\"certificate\""));
}

}  // namespace beta::proof::test
