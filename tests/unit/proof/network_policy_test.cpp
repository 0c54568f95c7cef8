#include "beta/proof/network_policy.hpp"

#include "beta/model/digest.hpp"

#include "sets.hpp"

#include <algorithm>

namespace beta::proof::test {
namespace {

using Catch::Contains;

const Names names{.services = {{"till", "ops"}, {"cron", "ops"}, {"pay", "wallet"}},
                  .external = {"bank"},
                  .known = true};

const std::string ops =
    "apiVersion: beta.acl/v1\nplane: ops\n"
    "allow: [{name: pays, from: {services: [till]}, to: {plane: wallet}}]\n";
const std::string wallet =
    "apiVersion: beta.acl/v1\nplane: wallet\n"
    "allow: [{name: paid, from: {plane: ops}, to: {services: [pay]}}]\n";

std::string written(const std::vector<std::string>& texts, const Surroundings& around = {}) {
    return network_policies(policies_of(texts), names, around);
}

/// The one document of that name; empty when there is none.
std::string document(const std::string& text, const std::string& name) {
    const auto at = text.find("  name: " + name + "\n");
    if (at == text.npos)
        return {};
    const auto begin = text.rfind("---\n", at);
    return text.substr(begin, text.find("---\n", begin + 1) - begin);
}

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("each plane denies everything, and each of its services has a policy of its own") {
    const auto text = written({ops, wallet});
    CHECK(count(text, "  name: default-deny\n") == 2);
    CHECK(count(text, "  podSelector: {}\n  policyTypes: [Ingress, Egress]\n") == 2);
    for (const std::string name : {"service-till", "service-cron", "service-pay"})
        CHECK(count(text, "  name: " + name + "\n") == 1);
    CHECK_THAT(document(text, "service-pay"),
               Contains("  namespace: \"wallet\"\n") &&
                   Contains("      beta-sidecar/plane: \"wallet\"\n") &&
                   Contains("      beta-sidecar/service: \"pay\"\n"));
}

TEST_CASE("who may call or be called is let out to Tor, and nobody else is let out at all") {
    const auto text = written({ops, wallet});
    CHECK_THAT(document(text, "service-till"),
               Contains("  egress:\n") && Contains("beta-sidecar/calls: \"wallet/pay by pays (ops) "
                                                   "and paid (wallet)\"\n"));
    CHECK_THAT(document(text, "service-pay"),
               Contains("  egress:\n") &&
                   Contains("called-by: \"ops/till by pays (ops) and paid "
                            "(wallet)\"\n") &&
                   Contains("beta-sidecar/calls: \"nobody\"\n"));
    CHECK_THAT(document(text, "service-cron"),
               !Contains("egress:") && Contains("beta-sidecar/calls: \"nobody\"\n"));
}

TEST_CASE("a call needs both sides: what one file lets pass alone lets nobody out") {
    for (const auto& texts : {std::vector{ops}, std::vector{wallet}})
        CHECK_THAT(written(texts), !Contains("egress:"));
    const auto named =
        "apiVersion: beta.acl/v1\nplane: wallet\n"
        "allow: [{name: paid, from: {plane: ops, services: [cron]}}]\n";
    CHECK_THAT(written({ops, named}), !Contains("egress:"));
}

TEST_CASE("who reaches a host outside is let out") {
    const auto outside =
        "apiVersion: beta.acl/v1\nplane: wallet\n"
        "allow: [{name: banks, to: {external: [bank]}, tunnel: true}]\n";
    CHECK_THAT(document(written({outside}), "service-pay"),
               Contains("  egress:\n") && Contains("calls: \"outside bank by banks (wallet)\"\n"));
}

TEST_CASE("a file that only reports lets everyone out, and says so") {
    const auto reports = "apiVersion: beta.acl/v1\nplane: ops\nmode: report\n";
    CHECK_THAT(document(written({reports}), "service-cron"),
               Contains("  egress:\n") && Contains("ops/till by mode: report (ops)"));
}

TEST_CASE("without relays tor reaches public addresses, by every port but those of DNS") {
    const auto text = document(written({ops, wallet}), "service-pay");
    CHECK_THAT(text, Contains("cidr: 0.0.0.0/0\n") && Contains("- 10.0.0.0/8\n") &&
                         Contains("- 127.0.0.0/8\n") && Contains("- 169.254.0.0/16\n") &&
                         Contains("- 172.16.0.0/12\n") && Contains("- 192.168.0.0/16\n"));
    CHECK_THAT(text, Contains("endPort: 52\n") && Contains("port: 54\n") && !Contains("UDP"));
}

TEST_CASE("with relays tor reaches these and nothing else") {
    Surroundings around;
    around.relays = {*Relay::parse("198.51.100.7:443"), *Relay::parse("[2001:db8::/32]:9001")};
    const auto text = document(written({ops, wallet}, around), "service-pay");
    CHECK_THAT(text, Contains("cidr: \"198.51.100.7/32\"\n") && Contains("port: 443\n") &&
                         Contains("cidr: \"2001:db8::/32\"\n") && Contains("port: 9001\n") &&
                         !Contains("0.0.0.0/0") && !Contains("2000::/3"));
}

TEST_CASE("nobody is let in but the namespace that scrapes, to one port") {
    CHECK_THAT(written({ops, wallet}), !Contains("ingress:"));
    Surroundings around;
    around.scraper = "monitoring";
    const auto text = written({ops, wallet}, around);
    CHECK(count(text, "  ingress:\n") == 3);
    CHECK(count(text, "kubernetes.io/metadata.name: \"monitoring\"\n") == 3);
    CHECK(count(text, "          port: 9090\n") == 3);
}

TEST_CASE("one plane is written as it is among all, and the order of the files is nothing") {
    const auto all = written({ops, wallet});
    CHECK(written({wallet, ops}) == all);
    Surroundings around;
    around.plane = "wallet";
    const auto one = written({ops, wallet}, around);
    CHECK(document(one, "service-pay") == document(all, "service-pay"));
    CHECK_THAT(one, !Contains("namespace: \"ops\""));
}

TEST_CASE("the digest is that of every policy, so that a change of any shows") {
    const auto plain = document(written({ops, wallet}), "default-deny");
    CHECK(document(written({ops, wallet + "# more\n"}), "default-deny") != plain);
    CHECK_THAT(plain, Contains(model::sha256_hex("ops " + model::sha256_hex(ops) + "\nwallet " +
                                                 model::sha256_hex(wallet) + "\n")));
}

}  // namespace beta::proof::test
