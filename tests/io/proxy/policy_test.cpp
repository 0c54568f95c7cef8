// Goal: header conditions and mode report decide on what is forwarded, and say so.
// Method: send headers in every shape; look at what the upstream got, and at the metrics.

#include "io/proxy/line.hpp"
#include "io/proxy/tunnel_line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

const char* const acl =
    "apiVersion: beta.acl/v1\nplane: ops\n"
    "allow:\n"
    "  - name: tenants\n"
    "    to: { plane: wallet }\n"
    "    when: { headers: { x-tenant: [a, b] } }\n"
    "deny:\n"
    "  - name: watched\n"
    "    to: { plane: wallet }\n"
    "    paths: [/watched]\n"
    "    mode: report\n";

struct Decided {
    FakeUpstream upstream;
    FakeTor tor;
    RunningSidecar sidecar{{.socks_port = tor.port(), .acl = acl}};
    Client client{sidecar.egress()};

    Decided() { tor.route(RunningSidecar::onion(1), 80, upstream.port()); }
    int ask(const std::string& fields, const std::string& path = "/ok") {
        return client.ask("GET " + path + " HTTP/1.1\r\nHost: tron-payment\r\n" + fields + "\r\n")
            .status();
    }
};

}  // namespace

TEST_CASE("an allow with a condition sees every value, however the lines are cut") {
    Decided line;
    CHECK(line.ask("X-Tenant: a\r\n") == 200);
    CHECK(line.ask("x-tenant: a, b\r\n") == 200);
    CHECK(line.ask("X-Tenant: a\r\nX-TENANT: b \r\n") == 200);
    CHECK(line.ask("X-Tenant: a\r\nX-Tenant: c\r\n") == 403);
    CHECK(line.ask("X-Tenant: a,c\r\n") == 403);
    CHECK(line.ask("X-Tenant: a,\r\n") == 403);
    CHECK(line.ask("X-Tenant:\r\n") == 403);
    CHECK(line.ask("") == 403);
    CHECK(line.upstream.requests().size() == 3);
}

TEST_CASE("a header that Connection takes away is not there for the policy (CVE-2024-45410)") {
    Decided line;
    CHECK(line.ask("X-Tenant: a\r\nConnection: x-tenant\r\n") == 403);
    CHECK(line.upstream.requests().empty());
}

TEST_CASE("a denial in mode report is counted and lets pass what an allow lets pass") {
    Decided line;
    CHECK(line.ask("X-Tenant: a\r\n", "/watched") == 200);
    CHECK(line.ask("X-Tenant: c\r\n", "/watched") == 403);
    const auto metrics =
        Client(line.sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    CHECK(metrics.find("acl_decisions_total{direction=\"egress\",decision=\"deny\","
                       "enforced=\"false\"} 1") != std::string::npos);
    CHECK(metrics.find("acl_violations_total{direction=\"egress\",rule=\"watched\",source=\"api-"
                       "gateway\",destination=\"tron-payment\",plane=\"wallet\",enforced=\"false\"}"
                       " 1") != std::string::npos);
    CHECK(metrics.find("rule=\"default-deny\"") != std::string::npos);
}

TEST_CASE("a policy that closes a tunnel's door refuses the next and leaves the open one alone") {
    TunnelLine line({Script().read_exactly(4).send("pong").read_to_end()});
    line.client.send(connect_head);
    CHECK(line.client.until("\r\n\r\n") == established);
    line.sidecar.write_acl(
        "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
        "  - { name: out, from: { services: [api-gateway] }, to: { plane: \"*\" } }\n");
    REQUIRE(line.sidecar->reload());
    CHECK(Client(line.sidecar.egress()).ask(connect_head).status() == 403);
    line.client.send("ping");
    CHECK(line.client.exactly(4) == "pong");
    CHECK(line.tor.accepted() == 1);
}
