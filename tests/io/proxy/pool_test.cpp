// Goal: streams are reused, checked, replaced when stale and nothing was sent; destinations are
// kept apart. Method: count connections and credentials at the SOCKS port.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <vector>

using namespace beta::testing;

TEST_CASE("one stream serves request after request, also of other downstream connections") {
    Line line;
    for (int i = 0; i < 50; ++i)
        REQUIRE(line.client.ask(get_ok).status() == 200);
    Client second(line.sidecar.egress());
    REQUIRE(second.ask(get_ok).status() == 200);
    CHECK(line.tor.accepted() == 1);
}

TEST_CASE("a pooled stream whose circuit died is replaced without the client noticing") {
    Line line;
    REQUIRE(line.client.ask(get_ok).status() == 200);
    line.tor.cut_streams();
    line.tor.wait_for_ended(1);
    CHECK(line.client.ask(get_ok).status() == 200);
    CHECK(line.tor.accepted() == 2);
}

TEST_CASE("a request that was sent and not answered is a bad gateway, not a second payment") {
    Line line(std::vector<Script>{Script().read_request().send(ok("first")).read_request().close(),
                                  Script().read_request().send(ok("again")).read_to_end()});
    const std::string pay =
        "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 3\r\n\r\npay";
    REQUIRE(line.client.ask(pay).body == "first");
    CHECK(line.client.ask(pay).status() == 502);
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.requests().size() == 2);
    CHECK(line.client.ask(pay).body == "again");
}

TEST_CASE("two destinations never share credentials, one destination keeps its own") {
    Line line;
    line.tor.route(RunningSidecar::onion(2), 81, line.upstream.port());
    line.client.ask(get_ok);
    line.client.ask("GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n");
    line.tor.cut_streams();
    line.tor.wait_for_ended(2);
    line.client.ask(get_ok);
    const auto seen = line.tor.wait_for_requests(3);
    CHECK(seen[0].domain != seen[1].domain);
    CHECK(seen[0].user != seen[1].user);
    CHECK(seen[0].password != seen[1].password);
    CHECK(seen[2] == seen[0]);
}

TEST_CASE("a stream that the answer closes is not pooled") {
    Line line(FakeUpstream::Handler([](const Message&) {
        return std::string("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }));
    line.client.ask(get_ok);
    CHECK(line.client.ask(get_ok).status() == 200);
    CHECK(line.tor.accepted() == 2);
}

TEST_CASE(
    "requests beyond the streams allowed wait their turn, and those beyond the queue are refused") {
    Gate gate;
    Line line(std::vector<Script>{Script()
                                      .read_request()
                                      .pass(gate)
                                      .send(ok("a"))
                                      .read_request()
                                      .send(ok("b"))
                                      .read_to_end()},
              "limits: { upstream_connections: 1, upstream_waiting: 1 }\n");
    Client second(line.sidecar.egress());
    Client third(line.sidecar.egress());
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    second.send(get_ok);
    // The third is refused only once the second waits, and both are on one worker: ask until it is
    // so.
    const auto answer = third.ask(get_ok);
    CHECK(answer.status() == 503);
    gate.open();
    CHECK(line.client.response().body == "a");
    CHECK(second.response().body == "b");
}
