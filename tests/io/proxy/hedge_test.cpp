// Goal: a request that may be sent twice and is slow to be answered goes out once more, by another
// circuit; the first answer counts, and what may not be sent twice never is.
// Method: an upstream whose first connection answers when the test says so.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <thread>

using namespace beta::testing;
using namespace std::chrono_literals;

namespace {

const std::string hedged = "upstream: { hedge: 50ms, hedge_budget: 100 }\n";

double metric(const RunningSidecar& sidecar, const std::string& result) {
    const auto text = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const auto series = "\nbeta_sidecar_hedges_total{result=\"" + result + "\"} ";
    const auto at = text.find(series);
    return at == std::string::npos ? -1 : std::stod(text.substr(at + series.size()));
}

/// Asks until it is so: what is awaited happens on the sidecar's own time.
bool comes_to(const RunningSidecar& sidecar, const std::string& result, double value) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (metric(sidecar, result) != value) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

Script slow(Gate& gate, const std::string& answer) {
    return Script().read_request().pass(gate).send(answer).read_to_end();
}

Script quick(const std::string& body) {
    return Script().read_request().send(ok(body)).read_request().send(ok(body)).read_to_end();
}

}  // namespace

TEST_CASE("the second copy is the same request by another circuit, and its answer counts") {
    Gate gate;
    Line line({slow(gate, ok("first")), quick("second")}, hedged);
    CHECK(line.client.ask(get_ok).body == "second");
    const auto asked = line.upstream.wait_for_requests(2);
    CHECK(asked[0].raw == asked[1].raw);
    const auto seen = line.tor.wait_for_requests(2);
    CHECK(seen[0].domain == seen[1].domain);
    CHECK(seen[0].user != seen[1].user);
    line.tor.wait_for_ended(1);  // the first copy's stream, with its answer unasked
    gate.open();
    CHECK(metric(line.sidecar, "won") == 1);
    CHECK(line.client.ask(get_ok).body == "second");  // the connection goes on, and the stream
}

TEST_CASE("when the first copy is answered first the second one is dropped") {
    Gate first;
    Gate second;
    Line line({slow(first, ok("first")), slow(second, ok("second"))}, hedged);
    line.client.send(get_ok);
    second.wait_for_arrivals(1);
    first.open();
    CHECK(line.client.response().body == "first");
    CHECK(metric(line.sidecar, "lost") == 1);
    line.tor.wait_for_ended(1);
    second.open();
}

TEST_CASE("when the first copy's stream dies the second one's answer is waited for") {
    Gate first;
    Gate second;
    Line line({Script().read_request().pass(first).close(), slow(second, ok("second"))}, hedged);
    line.client.send(get_ok);
    second.wait_for_arrivals(1);
    first.open();
    line.tor.wait_for_ended(1);
    second.open();
    CHECK(line.client.response().body == "second");
}

TEST_CASE("when both die the failure is that of one request") {
    Gate first;
    Gate second;
    Line line(
        {Script().read_request().pass(first).close(), Script().read_request().pass(second).close()},
        hedged);
    line.client.send(get_ok);
    second.wait_for_arrivals(1);
    second.open();
    CHECK(comes_to(line.sidecar, "failed", 1));
    first.open();
    CHECK(line.client.response().status() == 502);
    CHECK(line.upstream.requests().size() == 2);
}

TEST_CASE("a second copy that cannot connect changes nothing for the first") {
    Gate gate;
    Line line({slow(gate, ok("first"))}, hedged + "limits: { connect_tries: 1 }\n");
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    const bool failed = comes_to(line.sidecar, "failed", 1);
    gate.open();
    CHECK(line.client.response().body == "first");
    CHECK((failed || metric(line.sidecar, "lost") == 1));
}

TEST_CASE("what may not be sent twice, or has a body, never is") {
    const auto request = GENERATE(values<std::string>(
        {"POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 3\r\n\r\npay",
         "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 0\r\n\r\n",
         "DELETE /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n",
         "PUT /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 0\r\n\r\n",
         "GET /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 3\r\n\r\nwhy"}));
    Gate gate;
    Line line(FakeUpstream::Handler([&](const Message&) {
                  gate.pass();
                  return ok("done");
              }),
              hedged);
    line.client.send(request);
    gate.wait_for_arrivals(1);
    Client second(line.sidecar.egress());
    second.send(get_ok);
    gate.wait_for_arrivals(3);  // it, and its second copy; the first request was long slow by then
    gate.open();
    CHECK(line.client.response().body == "done");
    CHECK(second.response().body == "done");
    std::size_t sent = 0;
    for (const auto& asked : line.upstream.requests())
        sent += asked.start_line() != "GET /ok HTTP/1.1" || asked.has("Content-Length") ? 1 : 0;
    CHECK(sent == 1);
}

TEST_CASE("beyond the budget no second copy goes out") {
    Gate gate;
    Line line({slow(gate, ok("first"))}, "upstream: { hedge: 50ms, hedge_budget: 1 }\n");
    line.client.send(get_ok);
    CHECK(comes_to(line.sidecar, "over_budget", 1));
    gate.open();
    CHECK(line.client.response().body == "first");
    CHECK(line.upstream.requests().size() == 1);
}

TEST_CASE("nothing is sent twice unless it was asked for, nor where there is one circuit") {
    const std::string extra =
        GENERATE("", "upstream: { hedge: 50ms, hedge_budget: 100, circuits: 1 }\n");
    Gate gate;
    Line line({slow(gate, ok("first"))}, extra);
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    // A second is far beyond the 50 ms: the count of circuits is made each second.
    const auto counted = [&] {
        return Client(line.sidecar.admin())
                   .ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
                   .body.find("beta_sidecar_circuits{") != std::string::npos;
    };
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (!counted() && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(20ms);
    gate.open();
    CHECK(line.client.response().body == "first");
    CHECK(line.upstream.requests().size() == 1);
    CHECK(metric(line.sidecar, "over_budget") == 0);
}

TEST_CASE("a second copy does not take from the limit of the rule") {
    Gate gate;
    FakeUpstream upstream({slow(gate, ok("first")), quick("second")});
    FakeTor tor;
    tor.route(RunningSidecar::onion(1), 80, upstream.port());
    RunningSidecar sidecar({.socks_port = tor.port(),
                            .acl =
                                "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - name: out\n"
                                "    from: { services: [api-gateway] }\n    to: { plane: wallet }\n"
                                "    limit: { rate: 1/h, burst: 2, per: source }\n",
                            .extra = hedged});
    Client client(sidecar.egress());
    CHECK(client.ask(get_ok).body == "second");
    CHECK(client.ask(get_ok).status() == 200);
    CHECK(client.ask(get_ok).status() == 429);
    gate.open();
}
