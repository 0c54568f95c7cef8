// Goal: what leaves is what came, minus hop-by-hop, plus ours; both forms of request, both kinds of
// name. Method: a real sidecar between a byte-level client, a SOCKS port and an HTTP server that
// keep what they saw.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta::testing;

namespace {

std::string without_id(const std::string& head) {
    const auto at = head.find("X-Request-Id: ");
    REQUIRE(at != head.npos);
    return head.substr(0, at) + head.substr(head.find("\r\n", at) + 2);
}

}  // namespace

TEST_CASE("reverse form reaches the service named in Host, with Via and a request id added") {
    Line line;
    const auto answer =
        line.client.ask("GET /ok?x=1 HTTP/1.1\r\nHost: tron-payment\r\nA: b\r\n\r\n");
    CHECK(answer.status() == 200);
    CHECK(answer.body == "hello");
    const auto seen = line.upstream.wait_for_requests(1);
    CHECK(without_id(seen[0].head) ==
          "GET /ok?x=1 HTTP/1.1\r\nHost: tron-payment\r\nA: b\r\nVia: 1.1 beta\r\n\r\n");
    CHECK(seen[0].field("X-Request-Id").size() == 32);
}

TEST_CASE("a trace passes as it came, and one that cannot be read begins anew") {
    const std::string ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
    const std::string get = "GET /ok HTTP/1.1\r\nHost: tron-payment\r\n";
    Line line;
    line.client.ask(get + "traceparent: 00-" + ids + "-01\r\ntracestate: a=1\r\n\r\n");
    line.client.ask(get + "traceparent: 00-" + ids + "\r\ntracestate: a=1\r\n\r\n");
    line.client.ask(get + "traceparent: 00-" + ids + "-01\r\ntraceparent: 00-" + ids +
                    "-00\r\n\r\n");
    line.client.ask(get + "\r\n");
    const auto seen = line.upstream.wait_for_requests(4);
    CHECK(seen[0].field("traceparent") == "00-" + ids + "-01");
    CHECK(seen[0].field("tracestate") == "a=1");
    for (const auto& restarted : {seen[1], seen[2]}) {
        CHECK(restarted.field("traceparent").size() == 55);
        CHECK(restarted.field("traceparent").find(ids) == std::string::npos);
        CHECK(restarted.head.find("tracestate") == std::string::npos);
    }
    CHECK(seen[3].head.find("traceparent") == std::string::npos);
}

TEST_CASE("forward-proxy form goes out in origin form, by the name with its plane") {
    Line line;
    const auto answer = line.client.ask(
        "GET http://tron-payment.wallet/ok HTTP/1.1\r\nHost: tron-payment.wallet\r\n"
        "Proxy-Connection: keep-alive\r\n\r\n");
    CHECK(answer.status() == 200);
    CHECK(line.upstream.wait_for_requests(1)[0].start_line() == "GET /ok HTTP/1.1");
    CHECK_FALSE(line.upstream.requests()[0].has("Proxy-Connection"));
}

TEST_CASE("only the onion's name is said to tor, with credentials") {
    Line line;
    line.client.ask("GET /ok HTTP/1.1\r\nHost: TRON-PAYMENT:80\r\n\r\n");
    const auto requests = line.tor.wait_for_requests(1);
    CHECK(requests[0].domain == RunningSidecar::onion(1));
    CHECK(requests[0].port == 80);
    CHECK(requests[0].user.size() == 32);
    CHECK(requests[0].user.find("tron") == std::string::npos);
}

TEST_CASE("forged fields are dropped on the way out and on the way back") {
    Line line(FakeUpstream::Handler([](const Message&) {
        return std::string(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Beta-Rule: forged\r\n"
            "Connection: x-gone\r\nX-Gone: 1\r\nX-Stays: 2\r\n\r\n");
    }));
    const auto answer = line.client.ask(
        "GET /ok HTTP/1.1\r\nHost: tron-payment\r\nX-Beta-Source-Plane: wallet\r\n"
        "X-Forwarded-For: 1.2.3.4\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\n");
    CHECK(answer.head == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Stays: 2\r\n\r\n");
    CHECK(without_id(line.upstream.wait_for_requests(1)[0].head) ==
          "GET /ok HTTP/1.1\r\nHost: tron-payment\r\nVia: 1.1 beta\r\n\r\n");
}

TEST_CASE("a request id of the local app is kept") {
    Line line;
    line.client.ask("GET /ok HTTP/1.1\r\nHost: tron-payment\r\nX-Request-Id: mine-7\r\n\r\n");
    CHECK(line.upstream.wait_for_requests(1)[0].field("X-Request-Id") == "mine-7");
    CHECK(line.upstream.requests()[0].count("X-Request-Id") == 1);
}

TEST_CASE("answers without a body leave the connection in step") {
    Line line(FakeUpstream::Handler([](const Message& request) -> std::string {
        if (request.method() == "HEAD")
            return "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
        if (request.target() == "/ok/204")
            return "HTTP/1.1 204 No Content\r\n\r\n";
        if (request.target() == "/ok/304")
            return "HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n";
        return ok("end");
    }));
    const std::string host = " HTTP/1.1\r\nHost: tron-payment\r\n\r\n";
    line.client.send("HEAD /ok" + host);
    CHECK(line.client.response(true).field("Content-Length") == "99");
    CHECK(line.client.ask("GET /ok/204" + host).status() == 204);
    line.client.send("GET /ok/304" + host);
    CHECK(line.client.response(true).status() == 304);
    CHECK(line.client.ask("GET /ok/x" + host).body == "end");
    CHECK(line.upstream.accepted() == 1);
}

TEST_CASE("interim answers are passed on before the final one") {
    Line line(std::vector<Script>{Script()
                                      .read_request()
                                      .send("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n")
                                      .send("HTTP/1.1 102 Processing\r\n\r\n" + ok("done"))
                                      .read_to_end()});
    line.client.send("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    CHECK(line.client.until("\r\n\r\n") == "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
    CHECK(line.client.until("\r\n\r\n") == "HTTP/1.1 102 Processing\r\n\r\n");
    CHECK(line.client.response().body == "done");
}

TEST_CASE("Expect: 100-continue is the upstream's to answer") {
    Line line(std::vector<Script>{Script()
                                      .read_until("\r\n\r\n")
                                      .send("HTTP/1.1 100 Continue\r\n\r\n")
                                      .read_exactly(3)
                                      .send(ok("got it"))});
    line.client.send(
        "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nExpect: 100-continue\r\nContent-Length: "
        "3\r\n\r\n");
    CHECK(line.client.until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    line.client.send("abc");
    CHECK(line.client.response().body == "got it");
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0).find("Expect: 100-continue\r\n") != std::string::npos);
}

TEST_CASE("pipelined requests are answered in order, refused ones among them") {
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.target()); }),
              "upstream: { circuits: 1 }\n");
    std::string all;
    for (int i = 0; i < 300; ++i)
        all += "GET /ok/" + std::to_string(i) + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n" +
               "GET /elsewhere HTTP/1.1\r\nHost: tron-payment\r\n\r\n";
    line.client.send(all);
    for (int i = 0; i < 300; ++i) {
        REQUIRE(line.client.response().body == "/ok/" + std::to_string(i));
        REQUIRE(line.client.response().status() == 403);
    }
    CHECK(line.upstream.accepted() == 1);
}

TEST_CASE("a client that has finished sending still gets its answer") {
    Line line;
    line.client.send("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    line.client.half_close();
    CHECK(line.client.response().body == "hello");
    CHECK(line.client.to_end().empty());
}

TEST_CASE("a head that comes byte by byte is one request") {
    Line line;
    line.client.send_byte_by_byte("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    CHECK(line.client.response().body == "hello");
}
