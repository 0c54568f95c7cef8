// Goal: a table is read strictly, and says what its rows say.
#include "beta/casebook/casebook.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace beta;
using casebook::Answer;

namespace {

constexpr std::string_view head = "apiVersion: beta.acltest/v1\ncases:\n";

casebook::Casebook table(const std::string& rows) {
    auto book = casebook::load(std::string(head) + rows, "acl/wallet_test.yaml");
    REQUIRE(book);
    return std::move(*book);
}

/// "line: message" of the only error.
std::string fault(const std::string& text) {
    const auto book = casebook::load(text, "t_test.yaml");
    REQUIRE_FALSE(book);
    REQUIRE(book.error().size() == 1);
    return std::to_string(book.error()[0].line) + ": " + book.error()[0].message;
}

std::string fault_in(const std::string& row) {
    return fault(std::string(head) + "  - { name: a, from: ops, to: w/b, decision: deny }\n" +
                 "  - { " + row + " }\n");
}

}  // namespace

TEST_CASE("a table tests the policy whose name it has") {
    CHECK(table("  []\n").policy == "acl/wallet.yaml");
    CHECK(casebook::load(std::string(head) + "  []\n", "ops_test.yaml")->policy == "ops.yaml");
}

TEST_CASE("a row names both parties, the request and the answer") {
    const auto book = table(
        "  - name: a call\n    from: ops/api-gateway\n    to: wallet/tron-payment\n"
        "    method: POST\n    path: /a\n    headers: { x-a: one, x-b: [two, three] }\n"
        "    at: ingress\n    decision: report\n    rule: ops-pays\n    limit: none\n");
    REQUIRE(book.cases.size() == 1);
    const auto& row = book.cases[0];
    CHECK(row.name == "a call");
    CHECK(row.from_plane == "ops");
    CHECK(row.from_service == "api-gateway");
    CHECK(row.to_plane == "wallet");
    CHECK(row.to_name == "tron-payment");
    CHECK(row.method == "POST");
    CHECK(row.path == "/a");
    REQUIRE(row.headers.size() == 3);
    CHECK(row.headers[2].name == "x-b");
    CHECK(row.headers[2].value == "three");
    CHECK(row.at == acl::Direction::ingress);
    CHECK(row.decision == Answer::report);
    CHECK(row.rule == "ops-pays");
    CHECK(row.limit == "none");
    CHECK(row.line == 3);
}

TEST_CASE("a callee without a plane is a host outside, and CONNECT has no path") {
    const auto book = table(
        "  - { name: a, from: wallet/b, to: tron-mainnet, method: CONNECT, decision: allow }\n");
    CHECK(book.cases[0].external());
    CHECK(book.cases[0].to_name == "tron-mainnet");
    CHECK(book.cases[0].tunnel());
    CHECK(book.cases[0].path.empty());
}

TEST_CASE("a fault has the place of the value that is wrong") {
    const auto book = casebook::load(
        std::string(head) + "  - { name: a, from: ops, to: w/b, decision: dney }\n", "t_test.yaml");
    REQUIRE_FALSE(book);
    CHECK(book.error().at(0).column == 46);
}

TEST_CASE("what a table gets wrong is said with its line") {
    CHECK(fault_in("name: a, from: ops, to: w/b, decision: deny") ==
          "4: another case has the name \"a\"");
    CHECK(fault_in("name: b, from: ops, to: w/b, decision: maybe") ==
          "4: decision is \"maybe\", not allow or deny or report");
    CHECK(fault_in("name: b, from: ops, to: w/b, decision: dney") ==
          "4: decision is \"dney\", not allow or deny or report; did you mean \"deny\"?");
    CHECK(fault_in("name: b, from: ops, to: w/b, decision: deny, at: both") ==
          "4: at is \"both\", not egress or ingress");
    CHECK(fault_in("name: b, from: ops, to: w/b, decision: deny, path: a") ==
          "4: path must start with /");
    CHECK(fault_in("name: b, from: ops, to: h, decision: deny, method: CONNECT, path: /a") ==
          "4: CONNECT asks for a tunnel, which has no path");
    CHECK_THAT(fault_in("name: b, from: Ops, to: w/b, decision: deny"),
               Catch::StartsWith("4: from: plane \"Ops\": "));
    CHECK_THAT(fault_in("name: b, from: ops, to: w/b, decison: deny, decision: deny"),
               Catch::Contains("decision"));
    CHECK_THAT(fault_in("name: b, from: ops, to: w/b"), Catch::Contains("decision"));
    CHECK_THAT(fault("apiVersion: v1\ncases: []\n"), Catch::Contains("beta.acltest/v1"));
    CHECK_THAT(fault("apiVersion: beta.acltest/v1\n"), Catch::Contains("cases"));
}
