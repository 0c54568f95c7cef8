// Goal: a table is judged by the engine that serves traffic, and what no case meets is named.
#include "beta/casebook/trial.hpp"

#include <catch2/catch.hpp>

using namespace beta;
using Catch::Contains;

namespace {

constexpr std::string_view policy_text =
    "apiVersion: beta.acl/v1\nplane: wallet\n"
    "operations: { secret: { paths: [/secret] } }\nprohibit: [secret]\n"
    "allow:\n"
    "  - { name: ops-reads, from: { plane: ops }, to: { services: [pay] }, methods: [GET] }\n"
    "  - { name: inner, from: { services: [pay] }, to: { services: [store] },"
    " limit: { rate: 60/min, burst: 5 } }\n"
    "  - { name: tenant, from: { plane: ops }, methods: [PUT],"
    " when: { headers: { x-tenant: [a] } } }\n"
    "deny:\n"
    "  - { name: watched, from: { plane: ops }, methods: [DELETE], mode: report }\n"
    "  - { name: chain-out, from: { plane: chain } }\n";

casebook::Trial trial(const std::string& rows) {
    const auto policy = acl::Policy::parse(policy_text, "wallet.yaml");
    if (!policy)
        FAIL(policy.error().at(0).message);
    const auto book = casebook::load("apiVersion: beta.acltest/v1\ncases:\n" + rows, "w_test.yaml");
    if (!book)
        FAIL(book.error().at(0).message);
    return casebook::try_out(*book, **policy);
}

std::string fault(const std::string& row) {
    return trial("  - { name: it, " + row + " }\n").findings.at(0).fault;
}

}  // namespace

TEST_CASE("a case passes when the policy says what it wants, by the rule that it names") {
    CHECK(fault("from: ops, to: wallet/pay, decision: allow, rule: ops-reads").empty());
    CHECK(fault("from: ops, to: wallet/pay, method: POST, decision: deny").empty());
    CHECK(fault("from: chain, to: wallet/pay, decision: deny, rule: chain-out").empty());
    CHECK(fault("from: ops, to: wallet/pay, path: /secret, decision: deny,"
                " rule: \"prohibit:secret\"")
              .empty());
}

TEST_CASE("a case fails with what the policy says, and where") {
    CHECK(fault("from: ops, to: wallet/pay, decision: deny") ==
          "wanted deny; at ingress it is allow by ops-reads");
    CHECK(fault("from: ops, to: wallet/pay, decision: allow, rule: tenant") ==
          "wanted allow by tenant; at ingress it is allow by ops-reads");
}

TEST_CASE("a case may name the limit that a call has to pass, or that there is none") {
    CHECK(fault("from: ops, to: wallet/pay, decision: allow, limit: none").empty());
    CHECK(fault("from: wallet/pay, to: wallet/store, decision: allow,"
                " limit: \"1/s, burst 5, per rule\"")
              .empty());
    CHECK(fault("from: wallet/pay, to: wallet/store, decision: allow, limit: none") ==
          "wanted allow within limit none; at ingress it is allow by inner within limit"
          " 1/s, burst 5, per rule");
}

TEST_CASE("a rule that the policy does not have is answered with the nearest name") {
    CHECK(fault("from: ops, to: wallet/pay, decision: allow, rule: ops-read") ==
          "wallet.yaml has no rule \"ops-read\"; did you mean \"ops-reads\"?");
    CHECK(fault("from: ops, to: wallet/pay, decision: allow, rule: another") ==
          "wallet.yaml has no rule \"another\"");
}

TEST_CASE("headers of a case reach the policy, each line of them") {
    CHECK(fault("from: ops, to: wallet/pay, method: PUT, headers: { X-Tenant: a }, decision: allow")
              .empty());
    CHECK(fault("from: ops, to: wallet/pay, method: PUT, headers: { x-tenant: [a, b] },"
                " decision: deny")
              .empty());
}

TEST_CASE("a call within the plane is asked at both ends, or at the one that is named") {
    CHECK(fault("from: wallet/pay, to: wallet/store, decision: allow, rule: inner").empty());
    // At ingress the caller may be known by its plane alone; then no allow that names services
    // fits.
    CHECK(fault("from: wallet, to: wallet/store, decision: deny, at: ingress").empty());
}

TEST_CASE("a call that is another file's to decide is a fault") {
    CHECK_THAT(fault("from: ops/a, to: chain/b, decision: deny"), Contains("neither end"));
    CHECK_THAT(fault("from: ops/a, to: wallet/pay, at: egress, decision: allow"),
               Contains("neither end"));
}

TEST_CASE("rules that decided no case are missing from the coverage") {
    const auto made = trial(
        "  - { name: one, from: ops, to: wallet/pay, decision: allow }\n"
        "  - { name: two, from: chain, to: wallet/pay, decision: deny }\n"
        "  - { name: three, from: ops, to: wallet/pay, method: POST, decision: deny }\n");
    CHECK(made.rules == 6);
    CHECK(made.covered.size() == 2);
    CHECK(made.missing == std::vector<std::string>{"inner (line 7)", "tenant (line 8)",
                                                   "watched (line 10)",
                                                   "prohibit:secret (line 4)"});
    CHECK(made.coverage() == Approx(100.0 / 3));
}

TEST_CASE("a table without rules to meet is covered") {
    const auto policy = acl::Policy::parse("apiVersion: beta.acl/v1\nplane: wallet\n", "w.yaml");
    const auto made = casebook::try_out({"t", "w.yaml", {}}, **policy);
    CHECK(made.coverage() == 100.0);
}

TEST_CASE("JUnit's XML stays well formed whatever a case is called") {
    const auto made =
        trial("  - { name: \"a < b & \\\"c\\\"\", from: ops, to: wallet/pay, decision: deny }\n");
    const auto xml = casebook::to_junit({made});
    CHECK_THAT(xml, Contains("name=\"a &lt; b &amp; \\x22c\\x22\"") &&
                        Contains("<testsuites tests=\"1\" failures=\"1\" errors=\"0\">") &&
                        Contains("<failure message=\"wanted deny; at ingress it is allow"));
}
