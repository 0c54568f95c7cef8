#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

namespace {

const std::string head = "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n";

}  // namespace

TEST_CASE("policies without findings are 0 and silent") {
    const Deployment files;
    files.write("acl/wallet.yaml", head + "  - {name: a, paths: [/a]}\n");
    const auto outcome = beta_sidecar({"acl", "lint", "--acl", files.path("acl")});
    CHECK(outcome.code == 0);
    CHECK(outcome.out.empty());
}

TEST_CASE("a finding is 1 with its place and code") {
    const Deployment files;
    files.write("acl/wallet.yaml", head + "  - {name: a}\n  - {name: b, paths: [/a]}\n");
    const auto outcome = beta_sidecar({"acl", "lint", "--acl", files.path("acl")});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out,
               Contains(files.path("acl/wallet.yaml") + ":5:5: warning: allow b: never decides") &&
                   Contains("[LINT_SHADOWED]"));
    const auto json = beta_sidecar({"acl", "lint", "--acl", files.path("acl"), "--json"});
    CHECK_NOTHROW(beta::testing::parse_json(json.out));
}

TEST_CASE("a rule that names callers is found when callees are said to know planes alone") {
    const Deployment files;
    files.write("acl/wallet.yaml",
                head + "  - {name: a, from: {plane: ops, services: [cron]}, paths: [/a]}\n");
    CHECK(beta_sidecar({"acl", "lint", "--acl", files.path("acl")}).code == 0);
    const auto weaker =
        beta_sidecar({"acl", "lint", "--acl", files.path("acl"), "--identity", "listener"});
    CHECK(weaker.code == 1);
    CHECK_THAT(weaker.out,
               Contains("it names services of callers") && Contains("LINT_UNREACHABLE"));
}

TEST_CASE("lint runs the table beside a policy to see which rules it meets") {
    const Deployment files;
    files.write("acl/wallet.yaml",
                head + "  - {name: a, paths: [/a]}\n  - {name: b, paths: [/b]}\n");
    files.write("acl/wallet_test.yaml",
                "apiVersion: beta.acltest/v1\ncases:\n"
                "  - {name: one, from: wallet/x, to: wallet/y, path: /a, decision: allow}\n");
    const auto outcome = beta_sidecar({"acl", "lint", "--acl", files.path("acl")});
    INFO(outcome.err);
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("allow b: no case") && !Contains("allow a: "));
}

TEST_CASE("lint looks names up in the directory that is given") {
    const Deployment files;
    files.write("acl/wallet.yaml", head + "  - {name: a, to: {services: [bank]}}\n");
    const auto outcome = beta_sidecar(
        {"acl", "lint", "--acl", files.path("acl"), "--services", files.path("services.yaml")});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("no service bank"));
    CHECK(beta_sidecar({"acl", "lint", "--acl", files.path("acl"), "--services", "nowhere"}).code ==
          65);
}
