#include "command_line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using beta::testing::beta_sidecar;
using beta::testing::Deployment;
using Catch::Contains;

namespace {

struct Tables : Deployment {
    Tables() {
        write("acl/wallet.yaml",
              "apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
              "  - {name: ops-pays, from: {plane: ops}, to: {services: [pay]}, methods: [POST]}\n"
              "  - {name: ops-reads, from: {plane: ops}, to: {services: [pay]}, methods: [GET]}\n");
        rows("  - {name: pays, from: ops, to: wallet/pay, method: POST, decision: allow}\n");
    }
    void rows(const std::string& rows) const {
        write("acl/wallet_test.yaml", "apiVersion: beta.acltest/v1\ncases:\n" + rows);
    }
    beta::testing::Outcome test(std::vector<std::string> more = {}) const {
        more.insert(more.begin(), {"acl", "test", path("acl")});
        return beta_sidecar(more);
    }
};

}  // namespace

TEST_CASE("tables that hold are 0, with the coverage of each policy") {
    const Tables tables;
    const auto outcome = tables.test();
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("1 of 1 cases pass") && Contains("1 of 2 rules covered") &&
                                Contains("no case is decided by ops-reads (line 5)"));
}

TEST_CASE("a case that fails is 1 and stands with its place") {
    const Tables tables;
    tables.rows("  - {name: pays, from: ops, to: wallet/pay, method: PUT, decision: allow}\n");
    const auto outcome = tables.test();
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.out, Contains("wallet_test.yaml:3:5: pays: wanted allow; at ingress it is"
                                     " deny by default-deny"));
}

TEST_CASE("coverage under what is asked for is 1") {
    const Tables tables;
    CHECK(tables.test({"--fail-under", "50"}).code == 0);
    const auto outcome = tables.test({"--fail-under", "51"});
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.err, Contains("covers less than 51 %"));
    CHECK(tables.test({"--fail-under", "101"}).code == 64);
}

TEST_CASE("results are written for machines as JSON and as JUnit's XML") {
    const Tables tables;
    const auto file = tables.path("junit.xml");
    const auto outcome = tables.test({"--json", "--junit", file});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out, Contains("\"missing\":[\"ops-reads (line 5)\"]"));
    std::ifstream read(file);
    CHECK_THAT(std::string(std::istreambuf_iterator<char>(read), {}),
               Contains("<testcase classname=\"" + tables.path("acl/wallet.yaml") +
                        "\" name=\"pays\" time=\"0\"/>"));
    CHECK(tables.test({"--junit", tables.path("no/such/folder.xml")}).code == 69);
}

TEST_CASE("a table or policy that cannot be read is 65, all of them at once") {
    const Tables tables;
    tables.rows("  - {name: pays}\n");
    tables.write("acl/ops_test.yaml", "apiVersion: beta.acltest/v1\ncases: []\n");
    const auto outcome = tables.test();
    CHECK(outcome.code == 65);
    CHECK_THAT(outcome.err, Contains("wallet_test.yaml:3:5") && Contains("ops.yaml"));
    const auto none = beta_sidecar({"acl", "test", tables.path(".")});
    CHECK(none.code == 65);
    CHECK_THAT(none.err, Contains("no table of cases here"));
}
