// Goal: every answer that the sidecar makes itself says what happened in the same two ways: the
// problem of RFC 9457 and Proxy-Status of RFC 9209; all of it to the local app, to a peer no more
// than the status, the error type and the request's id. Method: what fails behind both doors; what
// is refused at them stands in the other files of this folder, with the same checks.

#include "io/attacks/attack.hpp"

#include <string>

using namespace beta::testing;

namespace {

const std::string from_peer = "GET /ok HTTP/1.1\r\nHost: api-gateway\r\n";

/// What an app sees of an upstream that plays this script.
Message seen_by_app(const Script& script, const std::string& extra = {}) {
    Line line(std::vector<Script>{script}, extra);
    return line.client.ask(get_ok);
}

/// What a peer sees of an app that plays this script.
Message seen_by_peer(const Script& script, const std::string& extra = {}) {
    const FakeUpstream app(std::vector<Script>{script});
    const RunningSidecar sidecar({.app_port = app.port(), .extra = extra});
    Client client(sidecar.ingress());
    return client.ask(from_peer + "\r\n");
}

void expect_at_both_doors(const Script& script, int status, const std::string& error,
                          const std::string& extra = {}) {
    expect_problem(seen_by_app(script, extra), status, error, true);
    expect_problem(seen_by_peer(script, extra), status, error, false);
}

const std::string limited = R"(apiVersion: beta.acl/v1
plane: ops
allow:
  - name: out
    from: { services: [api-gateway] }
    to: { plane: "*" }
    paths: [/ok]
    limit: { rate: 1/h, per: rule }
  - name: in
    from: { plane: chain }
    to: { services: [api-gateway] }
    paths: [/ok]
    limit: { rate: 1/h, per: rule }
)";

}  // namespace

TEST_CASE("what fails behind a door is a problem, whole for the app and bare for a peer") {
    Script ends;
    SECTION("an upstream that closes") {
        expect_at_both_doors(ends.read_request().close(), 502, "connection_terminated");
    }
    SECTION("an upstream that speaks something else") {
        expect_at_both_doors(ends.read_request().send("220 smtp\r\n\r\n").read_to_end(), 502,
                             "http_protocol_error");
    }
    SECTION("an upstream whose head is too large") {
        const auto huge = "HTTP/1.1 200 OK\r\nA: " + std::string(40'000, 'a') + "\r\n\r\n";
        expect_at_both_doors(ends.read_request().send(huge).read_to_end(), 502,
                             "http_response_header_section_size");
    }
    SECTION("an upstream that does not answer") {
        expect_at_both_doors(ends.read_request().read_to_end(), 504, "http_response_timeout",
                             "limits: { response_time: 200ms }\n");
    }
}

TEST_CASE("what cannot be reached is a problem at both doors") {
    const RunningSidecar sidecar(SidecarSetup{});
    Client app(sidecar.egress());
    expect_problem(app.ask(get_ok), 503, "destination_unavailable", true);
    Client peer(sidecar.ingress());
    expect_problem(peer.ask(from_peer + "\r\n"), 502, "connection_refused", false);
}

TEST_CASE("what the policy says is a problem at both doors, and only the app learns the rule") {
    const FakeUpstream app;
    Line line;
    const RunningSidecar sidecar({.app_port = app.port()});
    Client peer(sidecar.ingress());
    expect_problem(line.client.ask("GET /ok/never/x HTTP/1.1\r\nHost: tron-payment\r\n\r\n"), 403,
                   "http_request_denied", true);
    const auto denied = peer.ask("GET /ok/never/x HTTP/1.1\r\nHost: api-gateway\r\n\r\n");
    expect_problem(denied, 403, "http_request_denied", false);
    CHECK(denied.raw.find("never") == std::string::npos);
    expect_problem(line.client.ask("GET /ok HTTP/1.1\r\nHost: nobody\r\n\r\n"), 403,
                   "http_request_denied", true);
    expect_problem(peer.ask("GET /ok HTTP/1.1\r\nHost: nobody\r\n\r\n"), 421, "http_request_error",
                   false);
}

TEST_CASE("what is beyond a limit is a problem at both doors") {
    const FakeUpstream app;
    FakeTor tor;
    tor.route(RunningSidecar::onion(1), 80, app.port());
    const RunningSidecar sidecar(
        {.socks_port = tor.port(), .app_port = app.port(), .acl = limited});
    Client own(sidecar.egress());
    REQUIRE(own.ask(get_ok).status() == 200);
    expect_problem(own.ask(get_ok), 429, "http_request_denied", true);
    Client peer(sidecar.ingress());
    REQUIRE(peer.ask(from_peer + "\r\n").status() == 200);
    expect_problem(peer.ask(from_peer + "\r\n"), 429, "http_request_denied", false);
}

TEST_CASE("our own token in Via is a loop at both doors, in any spelling (RFC 9110 §7.6.3)") {
    const auto [egress, ingress] = GENERATE(table<std::string, std::string>({
        {"Via: 1.1 beta\r\n", "Via: 1.1 beta, 1.1 beta\r\n"},
        {"via:1.0 BETA\r\n", "Via: 1.1 beta\r\nvia: 1.0 Beta\r\n"},
        {"Via: 1.1 other, HTTP/1.1 beta (a comment)\r\n", "Via: ,1.1\tbeta,, 1.1 x, 1.1  beta\r\n"},
    }));
    DYNAMIC_SECTION(egress) {
        Line line;
        expect_problem(
            line.client.ask("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n" + egress + "\r\n"), 508,
            "proxy_loop_detected", true);
        CHECK(line.tor.accepted() == 0);
        const FakeUpstream app;
        const RunningSidecar sidecar({.app_port = app.port()});
        Client peer(sidecar.ingress());
        expect_problem(peer.ask(from_peer + ingress + "\r\n"), 508, "proxy_loop_detected", false);
        CHECK(app.accepted() == 0);
    }
}

TEST_CASE("what others say in Via is no loop") {
    Line line;
    const auto answer = line.client.ask(
        "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n"
        "Via: 1.1 alphabeta, 1.1 beta.example, 1.1 beta:80, 1.1 other (beta)\r\n\r\n");
    CHECK(answer.status() == 200);
}

TEST_CASE("a problem names the id that the app gave, if it is one, and otherwise one of ours") {
    const auto [given, kept] =
        GENERATE(table<std::string, bool>({{"X-Request-Id: mine-1\r\n", true},
                                           {"X-Request-Id: <script>\r\n", false},
                                           {"X-Request-Id: \r\n", false},
                                           {"X-Request-Id: a\r\nX-Request-Id: b\r\n", false}}));
    DYNAMIC_SECTION(given) {
        Line line;
        const auto denied =
            line.client.ask("GET /other HTTP/1.1\r\nHost: tron-payment\r\n" + given + "\r\n");
        const auto instance = word(parse_json(denied.body).as_object(), "instance");
        CHECK((kept ? instance == "mine-1" : instance.size() == 32));
        line.client.ask("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n" + given + "\r\n");
        const auto seen = line.upstream.wait_for_requests(1)[0];
        CHECK(seen.count("X-Request-Id") == 1);
        CHECK((kept ? seen.field("X-Request-Id") == "mine-1"
                    : seen.field("X-Request-Id").size() == 32));
        const RunningSidecar sidecar(SidecarSetup{});
        Client peer(sidecar.ingress());
        const auto answer = peer.ask(from_peer + given + "\r\n");
        CHECK(word(parse_json(answer.body).as_object(), "instance").size() == 32);
    }
}

TEST_CASE("a problem to HEAD is its head alone") {
    Line line;
    line.client.send("HEAD /other HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    const auto answer = line.client.response(true);
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(line.client.ask(get_ok).status() == 200);
}
