#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using beta::testing::Outcome;
using Catch::Contains;

namespace {

Outcome explain(const Deployment& files, std::vector<std::string> words) {
    words.insert(words.begin(), {"acl", "explain", "--acl", files.path("acl")});
    return beta_sidecar(words);
}

/// ops may pay wallet's tron-payment; chain has no file.
struct TwoPlanes : Deployment {
    TwoPlanes();
};

TwoPlanes::TwoPlanes() {
    write("acl/ops.yaml",
          "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
          "  - name: gateway-pays\n"
          "    from: { services: [api-gateway] }\n"
          "    to: { plane: wallet, services: [tron-payment] }\n"
          "    methods: [POST]\n    paths: [/api/v1/payouts]\n");
    write("acl/wallet.yaml",
          "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
          "  - name: gateway-pays-in\n"
          "    from: { plane: ops, services: [api-gateway] }\n"
          "    to: { services: [tron-payment] }\n"
          "    methods: [POST]\n    paths: [/api/v1/payouts]\n");
    write("acl/wallet_test.yaml", "not: a policy\n");
    write("acl/invariants.yaml", "not: a policy\n");
    write("acl/README.md", "# not a policy\n");
}

const std::vector<std::string> payout = {
    "--from", "ops/api-gateway", "--to",           "wallet/tron-payment", "--method",
    "POST",   "--path",          "/api/v1/payouts"};

}  // namespace

TEST_CASE("a call that both sides allow is 0 and names both rules") {
    const TwoPlanes files;
    const auto outcome = explain(files, payout);
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("gateway-pays") && Contains("gateway-pays-in"));
    CHECK(outcome.err.empty());
}

TEST_CASE("a call that one side denies is 1") {
    const TwoPlanes files;
    auto words = payout;
    words.back() = "/api/v1/admin";
    const auto outcome = explain(files, words);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("default-deny"));
}

TEST_CASE("ingress is asked as by certificate, and by listener when told to") {
    const TwoPlanes files;
    auto words = payout;
    words.insert(words.end(), {"--identity", "certificate"});
    const auto certain = explain(files, words);
    CHECK(certain.code == 0);
    CHECK(certain.out == explain(files, payout).out);
    CHECK_THAT(certain.out, Contains("known by its certificate, as ops/api-gateway\n"));
    words.back() = "listener";
    const auto weaker = explain(files, words);
    CHECK(weaker.code == 1);
    CHECK_THAT(weaker.out, Contains("allow by gateway-pays (") &&
                               Contains("ingress  deny by default-deny") &&
                               Contains("known by its listener, as plane ops alone\n"));
    words.back() = "onion";
    CHECK(explain(files, words).code == 64);
}

TEST_CASE("the explanation as JSON is one object that says how ingress knows the caller") {
    const TwoPlanes files;
    auto words = payout;
    words.push_back("--json");
    const auto outcome = explain(files, words);
    CHECK(outcome.code == 0);
    const auto json = beta::testing::parse_json(outcome.out);
    const auto& sides = json.as_object().at("sides").as_array();
    REQUIRE(sides.size() == 2);
    CHECK_FALSE(sides[0].as_object().contains("known_by"));
    CHECK(beta::testing::word(sides[1].as_object(), "known_by") == "certificate");
}

TEST_CASE("a side without a policy is said to be unasked") {
    const TwoPlanes files;
    const auto outcome =
        explain(files, {"--from", "chain/blockchain-core", "--to", "wallet/tron-payment"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("policy of plane chain"));
}

TEST_CASE("without a policy of either side there is no answer: 65") {
    const TwoPlanes files;
    const auto outcome = explain(files, {"--from", "chain/a", "--to", "moon/b"});
    CHECK(outcome.code == 65);
    CHECK(outcome.out.empty());
}

TEST_CASE("a call to a host outside asks the caller's policy alone") {
    const TwoPlanes files;
    const auto outcome = explain(files, {"--from", "ops/api-gateway", "--to", "tron-mainnet"});
    CHECK(outcome.code == 1);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, !Contains("ingress"));
}

TEST_CASE("a policy that is wrong is 65 with its faults, as is a folder that is not there") {
    const TwoPlanes files;
    files.write("acl/chain.yaml", "plane: chain\nallov: []\n");
    const auto outcome = explain(files, payout);
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Contains("chain.yaml:2:1: error: "));
    CHECK(beta_sidecar(
              {"acl", "explain", "--acl", files.path("nowhere"), "--from", "a", "--to", "b/c"})
              .code == 65);
}
