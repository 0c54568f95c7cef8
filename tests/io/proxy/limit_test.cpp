// Goal: what a rule allows only so often is answered with 429 beyond it, and not one byte goes out.
// Method: ask more often than the burst; count what the SOCKS port and the upstream saw.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

std::string limited_acl(const std::string& mode = {}) {
    return "apiVersion: beta.acl/v1\nplane: ops\n" + mode +
           "allow:\n"
           "  - name: out\n"
           "    from: { services: [api-gateway] }\n"
           "    to: { plane: wallet }\n"
           "    limit: { rate: 2/h, burst: 2, per: source }\n"
           "  - name: in\n"
           "    from: { plane: chain }\n"
           "    to: { services: [api-gateway] }\n"
           "    limit: { rate: 1/h, per: rule }\n";
}

struct Limited {
    FakeUpstream upstream;
    FakeTor tor;
    RunningSidecar sidecar;

    explicit Limited(const std::string& acl, unsigned workers = 1)
        : sidecar({.socks_port = tor.port(),
                   .app_port = upstream.port(),
                   .acl = acl,
                   .workers = workers}) {
        tor.route(RunningSidecar::onion(1), 80, upstream.port());
    }
    std::string metrics() const {
        return Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    }
};

}  // namespace

TEST_CASE("beyond the limit of its rule a request is answered with 429 and never leaves") {
    const Limited line(limited_acl());
    Client client(line.sidecar.egress());
    CHECK(client.ask(get_ok).status() == 200);
    CHECK(client.ask(get_ok).status() == 200);
    const auto refused = client.ask(get_ok);
    CHECK(refused.status() == 429);
    CHECK(refused.field("Retry-After") == "1800");
    CHECK(refused.field("RateLimit-Policy") == "\"out\";q=2;w=3600");
    CHECK(refused.field("RateLimit") == "\"out\";r=0;t=1800");
    CHECK(refused.field("Proxy-Status").starts_with("beta; error=http_request_denied"));
    CHECK(refused.body.find("rule out allows 2/h, burst 2, per source; try again in 1800 s") !=
          std::string::npos);
    CHECK(line.upstream.requests().size() == 2);
    CHECK(line.tor.accepted() == 1);
    CHECK(line.metrics().find("beta_sidecar_rate_limited_total{direction=\"egress\",rule=\"out\","
                              "source=\"api-gateway\",destination=\"tron-payment\",plane="
                              "\"wallet\",enforced=\"true\"} 1") != std::string::npos);
}

TEST_CASE("a peer beyond the limit learns when to come back and no rule's name") {
    const Limited line(limited_acl());
    const std::string ask = "GET /x HTTP/1.1\r\nHost: api-gateway\r\n\r\n";
    Client peer(line.sidecar.ingress());
    CHECK(peer.ask(ask).status() == 200);
    const auto refused = peer.ask(ask);
    CHECK(refused.status() == 429);
    CHECK(refused.field("Retry-After") == "3600");
    CHECK(refused.field("RateLimit-Policy") == "\"default\";q=1;w=3600");
    CHECK(refused.raw.find("\"in\"") == std::string::npos);
}

TEST_CASE("all workers count together") {
    const Limited line(limited_acl(), 4);
    int passed = 0;
    for (int i = 0; i < 20; ++i)  // each connection may come to another worker
        passed += Client(line.sidecar.egress()).ask(get_ok).status() == 200 ? 1 : 0;
    CHECK(passed == 2);
}

TEST_CASE("a reload keeps what was used of a limit that stays, and a changed limit starts anew") {
    Limited line(limited_acl());
    Client client(line.sidecar.egress());
    client.ask(get_ok);
    client.ask(get_ok);
    line.sidecar.write_acl(limited_acl() + "# reviewed\n");
    REQUIRE(line.sidecar->reload());
    CHECK(client.ask(get_ok).status() == 429);
    auto wider = limited_acl();
    wider.replace(wider.find("2/h"), 3, "3/h");
    line.sidecar.write_acl(wider);
    REQUIRE(line.sidecar->reload());
    CHECK(client.ask(get_ok).status() == 200);
}

TEST_CASE("a file in mode report counts what is beyond a limit and lets it pass") {
    const Limited line(limited_acl("mode: report\n"));
    Client client(line.sidecar.egress());
    for (int i = 0; i < 3; ++i)
        CHECK(client.ask(get_ok).status() == 200);
    CHECK(line.metrics().find("rate_limited_total{direction=\"egress\",rule=\"out\",source=\"api-"
                              "gateway\",destination=\"tron-payment\",plane=\"wallet\",enforced="
                              "\"false\"} 1") != std::string::npos);
}

TEST_CASE("a websocket takes from the limit of its rule like any request, at both ends") {
    const Limited line(limited_acl());
    const auto upgrade = [](const std::string& host) {
        return "GET /ok HTTP/1.1\r\nHost: " + host +
               "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: "
               "dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
    };
    Client client(line.sidecar.egress());
    Client peer(line.sidecar.ingress());
    CHECK(client.ask(upgrade("tron-payment")).status() == 200);  // the upstream does not switch
    CHECK(client.ask(get_ok).status() == 200);
    CHECK(client.ask(upgrade("tron-payment")).status() == 429);
    CHECK(peer.ask(upgrade("api-gateway")).status() == 200);
    CHECK(peer.ask(upgrade("api-gateway")).status() == 429);
    CHECK(line.upstream.requests().size() == 3);
    CHECK(line.tor.accepted() == 1);
}

TEST_CASE("CONNECT takes from the limit of its rule, and beyond it no tunnel is dialled") {
    FakeUpstream outside({Script().read_to_end()});
    FakeTor tor;
    const RunningSidecar sidecar({.socks_port = tor.port(),
                                  .acl = "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
                                         "  - name: tunnel\n    from: { services: [api-gateway] }\n"
                                         "    to: { external: [tron-mainnet] }\n    tunnel: true\n"
                                         "    limit: { rate: 1/h, per: source }\n"});
    tor.route("tron.example.com", 443, outside.port());
    const std::string connect = "CONNECT tron-mainnet:443 HTTP/1.1\r\nHost: tron-mainnet\r\n\r\n";
    Client first(sidecar.egress());
    first.send(connect);
    CHECK(first.until("\r\n\r\n").starts_with("HTTP/1.1 200"));
    Client second(sidecar.egress());
    CHECK(second.ask(connect + "for the tunnel").status() == 429);
    CHECK(second.end() == Client::End::closed);
    CHECK(tor.accepted() == 1);
}
