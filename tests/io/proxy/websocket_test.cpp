// Goal: an upgrade to a websocket is decided like any request, checked both ways, and then bytes.
// Method: a real sidecar between byte-level peers, at egress through a SOCKS port and at ingress.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace beta::testing;

namespace {

// RFC 6455 §1.3
const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const std::string accept_line = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";
const std::string version = "Sec-WebSocket-Version: 13\r\n";
const std::string asks = "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n";
const std::string answers = "HTTP/1.1 101 Switching Protocols\r\n";
const std::string switches =
    answers + "Upgrade: WebSocket\r\nConnection: upgrade\r\n" + accept_line;

std::string request(const std::string& fields, const std::string& line = "GET /ok HTTP/1.1") {
    return line + "\r\nHost: tron-payment\r\n" + fields + "\r\n";
}
const std::string upgrade = request(asks + key + version);

Script echo() {
    return Script().read_request().send(switches + "\r\n").read_exactly(4).send("pong");
}

}  // namespace

TEST_CASE("an upgrade to a websocket is forwarded with its two fields made anew, then bytes") {
    Line line({echo().read_to_end()});
    line.client.send(upgrade);
    CHECK(line.client.until("\r\n\r\n") ==
          answers + accept_line + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    line.client.send("ping");
    CHECK(line.client.exactly(4) == "pong");
    const auto seen = line.upstream.requests()[0];
    CHECK(seen.head == "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n" + key + version +
                           "Connection: Upgrade\r\nUpgrade: websocket\r\nVia: 1.1 beta\r\n"
                           "X-Request-Id: " +
                           seen.field("X-Request-Id") + "\r\n\r\n");
}

TEST_CASE("at ingress a websocket reaches the app, and half-close with it") {
    FakeUpstream app({Script().read_request().send(switches + "\r\n").read_to_end().send("bye")});
    const RunningSidecar sidecar({.app_port = app.port()});
    Client peer(sidecar.ingress());
    peer.send("GET /ok HTTP/1.1\r\nHost: api-gateway\r\nVia: 1.1 beta\r\n" + asks + key + version +
              "\r\n");
    peer.until("\r\n\r\n");
    peer.send("ping");
    peer.half_close();
    CHECK(peer.to_end() == "bye");
    app.wait_for_ended(1);
    CHECK(app.received(0).ends_with("\r\n\r\nping"));
    CHECK(app.requests()[0].field("X-Beta-Source-Plane") == "chain");
    CHECK(app.requests()[0].field("Upgrade") == "websocket");
}

TEST_CASE("a websocket that the policy denies is 403, and nothing is dialled") {
    Line line({echo()});
    line.client.send(request(asks + key + version, "GET /elsewhere HTTP/1.1"));
    CHECK(line.client.response().status() == 403);
    CHECK(line.tor.accepted() == 0);
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    line.client.send(upgrade);  // the connection was not spoilt
    CHECK(line.client.until("\r\n\r\n").starts_with(answers));
}

TEST_CASE("an upgrade to a websocket that is not well-formed is malformed (RFC 6455 §4.1)") {
    const auto text = GENERATE(values<std::string>({
        request(asks + version),
        request(asks + key),
        request(asks + key + key + version),
        request(asks + key + version + version),
        request(asks + key + "Sec-WebSocket-Version: 8\r\n"),
        request(asks + key + "Sec-WebSocket-Version: 13, 8\r\n"),
        request(asks + key + "Sec-WebSocket-Version: 013\r\n"),
        request(asks + "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n" + version),
        request(asks + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ\r\n" + version),
        request(asks + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR==\r\n" + version),
        request(asks + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j_Q==\r\n" + version),
        request(asks + "Sec-WebSocket-Key:\r\n" + version),
        request(asks + key + version, "POST /ok HTTP/1.1"),
        request(asks + key + version + "Content-Length: 1\r\n") + "x",
        request(asks + key + version + "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
        request("Connection: Upgrade\r\nUpgrade: websocket, h2c\r\n" + key + version),
        request("Connection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n" + key + version),
    }));
    DYNAMIC_SECTION(text) {
        Line line({echo()});
        CHECK(line.client.ask(text).status() == 400);
        CHECK(line.client.end() == Client::End::closed);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("what asks for no websocket is an ordinary request without its upgrade fields") {
    const auto fields = GENERATE(values<std::string>({
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n",
        "Connection: Upgrade\r\nUpgrade: TLS/1.0\r\n",
        "Connection: Upgrade\r\n",
        "Upgrade: websocket\r\n" + key + version,  // not said to be for this hop
        "Connection: keep-alive\r\nUpgrade: websocket\r\n" + key + version,
    }));
    DYNAMIC_SECTION(fields) {
        Line line;
        CHECK(line.client.ask(request(fields)).body == "hello");
        const auto seen = line.upstream.requests()[0];
        CHECK_FALSE(seen.has("Upgrade"));
        CHECK_FALSE(seen.has("Connection"));
        CHECK_FALSE(seen.has("HTTP2-Settings"));
        CHECK(line.client.ask(get_ok).body == "hello");
    }
}

TEST_CASE("an HTTP/1.0 client cannot upgrade (RFC 9110 §7.8)") {
    Line line;
    CHECK(line.client.ask(request(asks + key + version, "GET /ok HTTP/1.0")).body == "hello");
    CHECK_FALSE(line.upstream.requests()[0].has("Upgrade"));
}

TEST_CASE("Connection cannot take the handshake's own fields away") {
    Line line({echo()});
    line.client.send(
        request("Connection: Upgrade, Sec-WebSocket-Key, Sec-WebSocket-Version\r\n"
                "Upgrade: websocket\r\n" +
                key + version));
    CHECK(line.client.until("\r\n\r\n").starts_with(answers));
    CHECK(line.upstream.requests()[0].has("Sec-WebSocket-Key"));
}

TEST_CASE("a 101 that is not the answer to this websocket is a bad gateway") {
    const auto answer = GENERATE(values<std::string>({
        answers + "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        answers + "Upgrade: websocket\r\nConnection: Upgrade\r\n" + accept_line + accept_line,
        answers + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOO=\r\n",
        answers + "Upgrade: websocket\r\n" + accept_line,
        answers + "Connection: Upgrade\r\n" + accept_line,
        answers + "Upgrade: h2c\r\nConnection: Upgrade\r\n" + accept_line,
        answers + "Upgrade: websocket, h2c\r\nConnection: Upgrade\r\n" + accept_line,
        "HTTP/1.0 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
            accept_line,
        switches + "Content-Length: 4\r\n",
        switches + "Transfer-Encoding: chunked\r\n",
    }));
    DYNAMIC_SECTION(answer) {
        Line line({Script().read_request().send(answer + "\r\nnope").read_to_end()});
        line.client.send(upgrade);
        CHECK(line.client.response().status() == 502);
        line.upstream.wait_for_ended(1);
        CHECK(line.client.received().find("nope") == std::string::npos);
    }
}

TEST_CASE("a 101 that nobody asked for is a bad gateway (CVE-2025-64763)") {
    Line line({Script().read_request().send(switches + "\r\nnope").read_to_end()});
    CHECK(line.client.ask(get_ok).status() == 502);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("an answer that does not switch is an ordinary answer, and the connection goes on") {
    Line line({Script()
                   .read_request()
                   .send("HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\n"
                         "Content-Length: 2\r\n\r\nno")
                   .read_request()
                   .send(ok("after"))
                   .read_to_end()});
    const auto refused = line.client.ask(upgrade);
    CHECK(refused.status() == 426);
    CHECK(refused.body == "no");
    CHECK_FALSE(refused.has("Upgrade"));
    CHECK(line.client.ask(get_ok).body == "after");
    CHECK(line.upstream.accepted() == 1);
}

TEST_CASE("what is sent before the 101 waits for it, and is then the websocket's") {
    Gate gate;
    Line line({Script()
                   .read_request()
                   .pass(gate)
                   .send(switches + "\r\n")
                   .read_exactly(4)
                   .send("pong")
                   .read_to_end()});
    line.client.send(upgrade + "ping");
    gate.wait_for_arrivals(1);
    gate.open();
    CHECK(line.client.until("pong").ends_with("\r\n\r\npong"));
    line.client.reset();
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0).ends_with("\r\n\r\nping"));
}

TEST_CASE("what was sent before an answer that does not switch is never a request") {
    Line line({Script().read_request().send(ok("plain")).read_to_end()});
    line.client.send(upgrade + get_ok);
    const auto answer = line.client.response();
    CHECK(answer.body == "plain");
    CHECK(answer.field("Connection") == "close");
    CHECK(line.client.to_end().empty());
    CHECK(line.upstream.requests().size() == 1);
}

TEST_CASE("frames that come in one piece with the 101 are passed on") {
    Line line({Script().read_request().send(switches + "\r\nfirst frame").read_to_end()});
    line.client.send(upgrade);
    CHECK(line.client.until("frame").ends_with("\r\n\r\nfirst frame"));
}

TEST_CASE("interim answers come before the 101") {
    Line line({Script()
                   .read_request()
                   .send("HTTP/1.1 103 Early Hints\r\n\r\n" + switches + "\r\n")
                   .read_to_end()});
    line.client.send(upgrade);
    CHECK(line.client.until("\r\n\r\n").starts_with("HTTP/1.1 103"));
    CHECK(line.client.until("\r\n\r\n").starts_with(answers));
}

TEST_CASE("the stream of a websocket serves nobody afterwards") {
    Line line({echo().read_to_end(), Script().read_request().send(ok("other")).read_to_end()});
    line.client.send(upgrade + "ping");
    line.client.until("pong");
    line.client.half_close();
    line.client.reset();
    line.upstream.wait_for_ended(1);
    Client next(line.sidecar.egress());
    CHECK(next.ask(get_ok).body == "other");
    CHECK(line.upstream.accepted() == 2);
}

TEST_CASE("a websocket may follow a request on both connections") {
    Line line({Script()
                   .read_request()
                   .send(ok("first"))
                   .read_request()
                   .send(switches + "\r\n")
                   .read_exactly(4)
                   .send("pong")
                   .read_to_end()});
    CHECK(line.client.ask(get_ok).body == "first");
    line.client.send(upgrade + "ping");
    line.client.until("pong");
    CHECK(line.upstream.accepted() == 1);
}

TEST_CASE("a slow reader of a websocket holds the other side back, both ways") {
    const std::string much(6'000'000, 'm');
    Line line({Script()
                   .read_request()
                   .send(switches + "\r\n")
                   .send(much)
                   .read_exactly(much.size())
                   .send("end")});
    line.client.shrink_buffers(64 * 1024);
    line.client.send(upgrade);
    line.client.until("\r\n\r\n");
    std::thread sender([&] { line.client.send(much); });
    CHECK(line.client.exactly(much.size()) == much);
    CHECK(line.client.exactly(3) == "end");
    sender.join();
}

TEST_CASE("a websocket on which nothing passes is cut") {
    Line line({Script().read_request().send(switches + "\r\n").read_to_end()},
              "limits: { tunnel_idle_time: 300ms }\n");
    line.client.send(upgrade);
    line.client.until("\r\n\r\n");
    CHECK(line.client.end() == Client::End::reset);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("an app that dies resets the peer's websocket") {
    FakeUpstream app({Script().read_request().send(switches + "\r\n").read_exactly(4).reset()});
    const RunningSidecar sidecar({.app_port = app.port()});
    Client peer(sidecar.ingress());
    peer.send("GET /ok HTTP/1.1\r\nHost: api-gateway\r\n" + asks + key + version + "\r\n");
    peer.until("\r\n\r\n");
    peer.send("ping");
    CHECK(peer.end() == Client::End::reset);
}

// The session had no room for the hints when the tunnel took over, and the tunnel had some later.
TEST_CASE("a client that was slow to take what came before the 101 is let go like any other") {
    std::string hints;
    for (int i = 0; i < 200; ++i)
        hints += "HTTP/1.1 103 Early Hints\r\nLink: " + std::string(30'000, 'l') + "\r\n\r\n";
    Line line({Script().read_request().send(hints + switches + "\r\n").read_exactly(4).send("bye")},
              "limits: { interim_responses: 300, tunnel_linger_time: 300ms, close_time: 300ms }\n"
              "drain: { timeout: 5s }\n");
    line.client.shrink_buffers(64 * 1024);
    line.client.send(upgrade);
    const auto is_open = [&] {
        const auto all =
            Client(line.sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
        return all.find("beta_sidecar_tunnels{direction=\"egress\"} 1") != std::string::npos;
    };
    for (int asked = 0; asked < 10'000 && !is_open(); ++asked) {
    }
    line.client.until("101 Switching Protocols");
    line.client.until("\r\n\r\n");
    line.client.send("ping");
    CHECK(line.client.to_end() == "bye");
    line.sidecar->drain();
    CHECK(line.sidecar->wait());
}
