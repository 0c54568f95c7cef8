#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

namespace {

struct Folder : Deployment {
    Folder() {
        write("acl/wallet.yaml",
              "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
              "  - {name: ops-pays, from: {plane: ops}, to: {services: [tron-payment]}}\n");
        invariants("never: {from: {plane: wallet}, to: {plane: ops}}");
    }
    void invariants(const std::string& statement) const {
        write("acl/invariants.yaml",
              "apiVersion: beta.invariants/v1\ninvariants:\n  - {name: it, " + statement + "}\n");
    }
    beta::testing::Outcome prove(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"acl", "prove", "--acl", path("acl")});
        return beta_sidecar(more);
    }
};

}  // namespace

TEST_CASE("invariants that hold are 0 and say so") {
    const Folder folder;
    const auto outcome = folder.prove();
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out,
               Contains("PROVED  it (") &&
                   Contains("1 of 1 proved, where callees know callers by certificate"));
    CHECK(outcome.err.empty());
}

TEST_CASE("the file of invariants says how callees know callers, and the proofs go by it") {
    const Folder folder;
    folder.write("acl/wallet.yaml",
                 "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
                 "  - {name: cron, from: {plane: ops, services: [cron]}}\n");
    const std::string list =
        "invariants: [{name: it, always: {from: {plane: ops, services: [cron]},"
        " to: {plane: wallet}}, at: ingress}]\n";
    folder.write("acl/invariants.yaml", "apiVersion: beta.invariants/v1\n" + list);
    CHECK(folder.prove().code == 0);
    folder.write("acl/invariants.yaml",
                 "apiVersion: beta.invariants/v1\nidentity: listener\n" + list);
    const auto weaker = folder.prove();
    CHECK(weaker.code == 1);
    CHECK_THAT(weaker.out, Contains("0 of 1 proved, where callees know callers by listener"));
}

TEST_CASE("an invariant that does not hold is 1 and shows a call and its rules") {
    const Folder folder;
    folder.invariants("never: {from: {plane: ops}, to: {plane: wallet}}");
    const auto outcome = folder.prove();
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("BROKEN") && Contains("-> wallet/tron-payment") &&
                                Contains("ops-pays (" + folder.path("acl/wallet.yaml") + ":4)"));
    const auto json = folder.prove({"--json"});
    CHECK(json.code == 1);
    CHECK_NOTHROW(beta::testing::parse_json(json.out).as_object());
}

TEST_CASE("an invariant of nothing is 1") {
    const Folder folder;
    folder.invariants("never: {from: {plane: ops}, to: {plane: wallet}}, at: egress");
    CHECK(folder.prove().code == 1);
}

TEST_CASE("a file of invariants or of a policy that is wrong is 65") {
    const Folder folder;
    folder.invariants("nevr: {}");
    CHECK(folder.prove().code == 65);
    CHECK_THAT(folder.prove().err, Contains("invariants.yaml:3:"));
    CHECK(folder.prove({"--invariants", folder.path("nowhere")}).code == 65);
    folder.write("acl/second.yaml", "apiVersion: beta.acl/v1\nplane: wallet\n");
    CHECK_THAT(folder.prove().err, Contains("a plane has one file"));
    CHECK(beta_sidecar({"acl", "prove", "--acl", folder.path("nowhere")}).code == 65);
}
