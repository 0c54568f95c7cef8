// Goal: CONNECT opens bytes to exactly the hosts that a rule names, and to nothing else.
// Method: a real sidecar between a byte-level client, a SOCKS port and a peer that plays a script.

#include "io/proxy/tunnel_line.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace beta::testing;

namespace {

Script echo_then_end() {
    return Script().read_exactly(4).send("pong").read_to_end();
}

}  // namespace

TEST_CASE("CONNECT by host and port carries bytes both ways, untouched") {
    TunnelLine line({echo_then_end()});
    line.client.send(connect_head);
    CHECK(line.client.until("\r\n\r\n") == established);
    line.client.send("ping");
    CHECK(line.client.exactly(4) == "pong");
    line.client.reset();
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0) == "ping");
    const auto seen = line.tor.requests();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].domain == "tron.example.com");
    CHECK(seen[0].port == 443);
    CHECK(seen[0].user.size() == 32);
}

TEST_CASE("CONNECT by the directory's name, and from HTTP/1.0 without Host") {
    const auto head = GENERATE(values<std::string>(
        {"CONNECT tron-mainnet:443 HTTP/1.1\r\nHost: tron-mainnet:443\r\n\r\n",
         "CONNECT TRON.Example.COM:443 HTTP/1.1\r\nHost: tron.example.com\r\n\r\n",
         "CONNECT tron.example.com:443 HTTP/1.0\r\n\r\n"}));
    TunnelLine line({echo_then_end()});
    line.client.send(head);
    CHECK(line.client.until("\r\n\r\n") == established);
    line.client.send("ping");
    CHECK(line.client.exactly(4) == "pong");
}

TEST_CASE("CONNECT to whatever no rule opens is refused, and nothing is dialled") {
    const auto target = GENERATE(values<std::string>({
        "tron.example.com:80",       // the host, another port
        "tron-mainnet:8443",         // the name, another port
        "outside.example.com:8443",  // in the directory, in no rule
        "outside:8443",
        "tron-payment:80",  // a service: it is allowed, but not a tunnel to it
        "tron-payment.wallet:80",
        "example.com:443",  // in no directory
        "127.0.0.1:443",
        "2130706433:443",
        "localhost:443",
        "tron.example.com.evil.com:443",
        "x.tron.example.com:443",
        "tron.example.com.evil.com:443",
    }));
    DYNAMIC_SECTION(target) {
        TunnelLine line({echo_then_end()});
        const auto answer =
            line.client.ask("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
        CHECK(answer.status() == 403);
        CHECK(answer.field("Content-Type") == "application/problem+json");
        CHECK(answer.field("Proxy-Status").starts_with("beta; error=http_request_denied"));
        CHECK(line.client.end() == Client::End::closed);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("CONNECT that is not strictly the authority form is malformed") {
    const auto head = GENERATE(values<std::string>({
        "CONNECT tron.example.com HTTP/1.1\r\nHost: tron.example.com\r\n",
        "CONNECT tron.example.com: HTTP/1.1\r\nHost: tron.example.com\r\n",
        "CONNECT tron.example.com:0443 HTTP/1.1\r\nHost: tron.example.com:0443\r\n",
        "CONNECT tron.example.com:+443 HTTP/1.1\r\nHost: tron.example.com:+443\r\n",
        "CONNECT tron.example.com:65979 HTTP/1.1\r\nHost: tron.example.com:65979\r\n",
        "CONNECT tron.example.com.:443 HTTP/1.1\r\nHost: tron.example.com.:443\r\n",
        "CONNECT :443 HTTP/1.1\r\nHost: :443\r\n",
        "CONNECT user@tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com:443\r\n",
        "CONNECT tron.example.com:443/ HTTP/1.1\r\nHost: tron.example.com:443\r\n",
        "CONNECT http://tron.example.com:443/ HTTP/1.1\r\nHost: tron.example.com:443\r\n",
        "CONNECT / HTTP/1.1\r\nHost: tron.example.com:443\r\n",
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron-payment\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com:80\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron-mainnet:443\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com\r\nHost: "
        "tron.example.com\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com:443\r\nContent-Length: "
        "4\r\n",
        "CONNECT tron.example.com:443 HTTP/1.1\r\nHost: tron.example.com:443\r\n"
        "Transfer-Encoding: chunked\r\n",
    }));
    DYNAMIC_SECTION(head) {
        TunnelLine line({echo_then_end()});
        CHECK(line.client.ask(head + "\r\n").status() == 400);
        CHECK(line.client.end() == Client::End::closed);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("CONNECT on an ingress listener is refused, whatever it names") {
    TunnelLine line({echo_then_end()});
    Client peer(line.sidecar.ingress());
    const auto answer = peer.ask(connect_head);
    CHECK(answer.status() == 501);
    CHECK(peer.end() == Client::End::closed);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("what is sent before the 2xx waits for it, and is then the tunnel's (CVE-2025-64763)") {
    Gate gate;
    TunnelLine line({echo_then_end()});
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    line.client.send(connect_head + "pi");
    gate.wait_for_arrivals(1);
    line.client.send("ng");
    CHECK((line.upstream.accepted() == 0 || line.upstream.received(0).empty()));
    gate.open();
    CHECK(line.client.until("\r\n\r\n") == established);
    CHECK(line.client.exactly(4) == "pong");
}

TEST_CASE("what is sent behind a refused CONNECT is never a request (CVE-2025-64763)") {
    TunnelLine line({Script().read_request().send(ok("no"))});
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    line.client.send(
        "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"
        "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    const auto answer = line.client.response();
    CHECK(answer.status() == 403);
    CHECK(answer.field("Connection") == "close");
    CHECK(line.client.to_end().empty());
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("what tor says of the way there answers CONNECT like any request") {
    TunnelLine line({echo_then_end()});
    line.tor.refuse("tron.example.com", 443, 0x05);
    const auto answer = line.client.ask(connect_head);
    CHECK(answer.status() == 502);
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=connection_refused"));
    CHECK(line.client.end() == Client::End::closed);
}

TEST_CASE("an upstream that speaks first is heard") {
    TunnelLine line({Script().send("220 hello\r\n").read_to_end()});
    line.client.send(connect_head);
    CHECK(line.client.until("hello\r\n") == established + "220 hello\r\n");
}

// tor ends a stream both ways once its client finishes sending (FakeTor does the same).
TEST_CASE("a client that has finished sending still gets the whole answer through tor") {
    Gate gate;
    const std::string answer(3'000'000, 'a');
    TunnelLine line({Script().read_exactly(4).pass(gate).send(answer)});
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.client.send("ping");
    line.client.half_close();
    gate.wait_for_arrivals(1);
    gate.open();
    CHECK(line.client.to_end() == answer);
}

TEST_CASE("a client that has finished sending and an upstream that is silent end the tunnel") {
    TunnelLine line({Script().read_to_end()}, "limits: { tunnel_linger_time: 300ms }\n");
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.client.half_close();
    CHECK(line.client.end() == Client::End::closed);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("an upstream that has finished closes the tunnel after its last byte") {
    TunnelLine line({Script().read_exactly(4).send("bye")});
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.client.send("ping");
    CHECK(line.client.to_end() == "bye");
}

TEST_CASE("a tunnel through which nothing passes is cut") {
    TunnelLine line({Script().read_to_end()}, "limits: { tunnel_idle_time: 300ms }\n");
    line.client.send(connect_head);
    CHECK(line.client.end() == Client::End::reset);
    CHECK(line.client.received() == established);
    line.upstream.wait_for_ended(1);
    CHECK(line.has_metric(
        "beta_sidecar_tunnel_ends_total{direction=\"egress\",reason=\"tunnel_idle\"} 1"));
}

TEST_CASE("a tunnel ends at its life's limit, however busy it is") {
    Script echo;
    constexpr int rounds = 100'000;  // each a way there and back: longer than the limit
    for (int i = 0; i < rounds; ++i)
        echo.read_exactly(1).send("x");
    TunnelLine line({echo}, "limits: { tunnel_life_time: 300ms }\n");
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    const auto play = [&] {
        for (int i = 0; i < rounds; ++i) {
            line.client.send("x");
            line.client.exactly(1);
        }
    };
    CHECK_THROWS_AS(play(), Reset);
    CHECK(line.has_metric(
        "beta_sidecar_tunnel_ends_total{direction=\"egress\",reason=\"tunnel_expired\"} 1"));
}

TEST_CASE("a client that resets its connection ends the stream") {
    TunnelLine line({Script().read_to_end()});
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.client.reset();
    line.upstream.wait_for_ended(1);
    CHECK(
        line.has_metric("beta_sidecar_tunnel_ends_total{direction=\"egress\","
                        "reason=\"downstream_closed\"} 1"));
}

TEST_CASE("a slow reader holds the sender back: nothing piles up in between") {
    const std::string much(8'000'000, 'm');
    TunnelLine line({Script().read_exactly(4).send(much)});
    line.client.shrink_buffers(64 * 1024);
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.client.send("ping");
    CHECK(line.client.to_end() == much);
}

TEST_CASE("both directions run at once, each at its own pace") {
    const std::string up(2'000'000, 'u');
    const std::string down(2'000'000, 'd');
    TunnelLine line({Script().send(down).read_exactly(up.size()).send("end")});
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    std::thread sender([&] { line.client.send(up); });
    CHECK(line.client.exactly(down.size()) == down);
    CHECK(line.client.exactly(3) == "end");
    sender.join();
}

TEST_CASE("a tunnel never runs over a stream that has carried a request, nor the other way") {
    TunnelLine line({Script().read_request().send(ok("plain")).read_to_end(), echo_then_end(),
                     Script().read_request().send(ok("again")).read_to_end()},
                    {}, true);
    const std::string plain = "GET /ok HTTP/1.1\r\nHost: tron-mainnet\r\n\r\n";
    CHECK(line.client.ask(plain).body == "plain");
    Client tunnel(line.sidecar.egress());
    tunnel.send(connect_head + "ping");
    CHECK(tunnel.until("pong") == established + "pong");
    tunnel.reset();
    line.upstream.wait_for_ended(2);
    CHECK(line.client.ask(plain).body == "again");
    CHECK(line.upstream.accepted() == 3);
}

TEST_CASE("a drain waits for a tunnel, and stop does not") {
    TunnelLine line({Script().read_exactly(4).send("pong").read_to_end()});
    line.client.send(connect_head);
    line.client.until("\r\n\r\n");
    line.sidecar->drain();
    line.client.send("ping");
    CHECK(line.client.exactly(4) == "pong");
    SECTION("to its end") {
        line.client.reset();
        CHECK(line.sidecar->wait());
    }
    SECTION("up to the limit") {
        line.sidecar->stop();
        CHECK_FALSE(line.sidecar->wait());
    }
}

TEST_CASE("tunnels are counted: open, bytes each way, the request when it opens") {
    TunnelLine line({echo_then_end()});
    line.client.send(connect_head + "ping");
    line.client.until("pong");
    CHECK(line.has_metric("beta_sidecar_tunnels{direction=\"egress\"} 1"));
    CHECK(line.has_metric("beta_sidecar_tunnel_bytes_total{direction=\"egress\",way=\"sent\"} 4"));
    CHECK(line.has_metric(
        "beta_sidecar_tunnel_bytes_total{direction=\"egress\",way=\"received\"} 4"));
    CHECK(
        line.has_metric("destination=\"tron-mainnet\",plane=\"_external\",method=\"CONNECT\","
                        "code=\"200\",verdict=\"allow\"} 1"));
}
