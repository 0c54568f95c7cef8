#include "command_line.hpp"

#include <catch2/catch.hpp>

using beta::testing::beta_sidecar;
using beta::testing::Outcome;
using Catch::Contains;

namespace {

const std::string root = BETA_SOURCE_DIR;

Outcome exported(std::vector<std::string> more) {
    std::vector<std::string> words{
        "acl",   "export",      "--format",   "networkpolicy",
        "--acl", root + "/acl", "--services", root + "/deploy/compose/config/services.yaml"};
    words.insert(words.end(), more.begin(), more.end());
    return beta_sidecar(words);
}

}  // namespace

TEST_CASE("the network policies that are shipped are those that follow from the shipped ACL") {
    const std::string plane = GENERATE("ops", "wallet", "chain");
    DYNAMIC_SECTION(plane) {
        const auto outcome = exported({"--plane", plane, "--scrape", "monitoring"});
        INFO(outcome.err);
        CHECK(outcome.code == 0);
        CHECK(outcome.out ==
              beta::testing::text_of(root + "/deploy/kubernetes/" + plane + "/networkpolicy.yaml"));
    }
}

TEST_CASE("relays take the place of every public address") {
    const auto outcome =
        exported({"--relay", "198.51.100.7:443", "--relay", "203.0.113.0/24:9001"});
    CHECK(outcome.code == 0);
    CHECK_THAT(outcome.out,
               Contains("198.51.100.7/32") && Contains("203.0.113.0/24") && !Contains("0.0.0.0/0"));
}

TEST_CASE("what is no relay, namespace, plane or format is a usage error that says why") {
    const auto relay = exported({"--relay", "198.51.100.7:53"});
    CHECK(relay.code == 64);
    CHECK_THAT(relay.err, Contains("--relay 198.51.100.7:53") && Contains("DNS"));
    CHECK(exported({"--scrape", "a: b"}).code == 64);
    CHECK(exported({"--plane", "Wallet"}).code == 64);
    CHECK(beta_sidecar({"acl", "export", "--format", "yaml", "--services", "x"}).code == 64);
}

TEST_CASE("a plane that nobody is on is no answer, and neither is a directory that is not there") {
    const auto outcome = exported({"--plane", "moon"});
    CHECK(outcome.code == 65);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Contains("no service on plane moon"));
    CHECK(beta_sidecar({"acl", "export", "--format", "networkpolicy", "--acl", root + "/acl",
                        "--services", "nowhere"})
              .code == 65);
}
