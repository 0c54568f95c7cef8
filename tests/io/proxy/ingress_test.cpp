// Goal: a peer is the plane whose onion it came by, nothing more; the app gets our word for it, and
// only its own calls. Method: speak to the ingress listener as tor does.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

struct Inward {
    FakeUpstream app;
    RunningSidecar sidecar{{.app_port = app.port()}};
    Client client{sidecar.ingress()};
};

std::string request(const std::string& path, const std::string& host,
                    const std::string& more = {}) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n";
}

}  // namespace

TEST_CASE("the app is told plane, rule and request id by us alone") {
    Inward in;
    const auto answer = in.client.ask(
        request("/ok", "api-gateway",
                "Via: 1.1 beta\r\nX-Request-Id: forged\r\nX-Beta-Source-Plane: wallet\r\n"
                "X-Beta-Source-Service: root\r\nx-beta-rule: any\r\nX-Forwarded-For: 1\r\n"
                "Forwarded: for=1\r\nX-Real-IP: 1\r\nConnection: X-Beta-Rule\r\nKept: 1\r\n"));
    CHECK(answer.body == "hello");
    const auto seen = in.app.wait_for_requests(1)[0];
    CHECK(seen.head ==
          "GET /ok HTTP/1.1\r\nHost: api-gateway\r\nKept: 1\r\n"
          "X-Beta-Source-Plane: chain\r\nX-Beta-Rule: in\r\nX-Request-Id: " +
              seen.field("X-Request-Id") + "\r\n\r\n");
    CHECK(seen.field("X-Request-Id").size() == 32);
}

TEST_CASE("a request for any other host came to the wrong door") {
    const auto host = GENERATE(values<std::string>(
        {"tron-payment", "api-gateway.wallet", "api-gateway.ops.x", "localhost", "127.0.0.1"}));
    Inward in;
    DYNAMIC_SECTION(host) {
        CHECK(in.client.ask(request("/ok", host)).status() == 421);
        CHECK(in.app.accepted() == 0);
    }
    CHECK(in.client.ask(request("/ok", "API-Gateway.ops:80")).status() == 200);
}

TEST_CASE("a denied peer learns the status and the request id, not the policy") {
    Inward in;
    const auto answer = in.client.ask(request("/ok/never/x", "api-gateway"));
    CHECK(answer.status() == 403);
    CHECK(answer.body.find("rule") == std::string::npos);
    CHECK(answer.body.find("instance") != std::string::npos);
    CHECK(answer.field("Proxy-Status") == "beta; error=http_request_denied");
    CHECK(in.app.accepted() == 0);
}

TEST_CASE("a request that has passed two sidecars already is a loop") {
    Inward in;
    CHECK(in.client.ask(request("/ok", "api-gateway", "Via: 1.1 beta, 1.1 beta\r\n")).status() ==
          508);
}

TEST_CASE("an app that is not there is a bad gateway") {
    RunningSidecar sidecar(SidecarSetup{});
    Client client(sidecar.ingress());
    CHECK(client.ask(request("/ok", "api-gateway")).status() == 502);
}

TEST_CASE("many workers serve one listener") {
    FakeUpstream app;
    RunningSidecar sidecar({.app_port = app.port(), .workers = 3});
    for (int i = 0; i < 30; ++i) {
        Client client(sidecar.ingress());
        REQUIRE(client.ask(request("/ok", "api-gateway")).status() == 200);
    }
}
