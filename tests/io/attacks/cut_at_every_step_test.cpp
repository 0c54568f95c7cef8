// Goal: whoever goes away, and whenever, costs the others nothing: no connection, stream or place
// is left behind, nobody else is dialled, and what broke off is never a whole message. Method:
// field/http-safety.md, "Kill at every await" and the rows on SOCKS replies: every length of a
// request, of an answer and of the SOCKS handshake, and each thing that a request can wait for.

#include "io/attacks/attack.hpp"

#include <string>
#include <vector>

using namespace beta::testing;

namespace {

const std::string upload =
    "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n0\r\nA: b\r\n\r\n";

std::string metrics(const RunningSidecar& sidecar) {
    return Client(sidecar.admin())
        .ask("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .body;
}

/// Asks until it is so: what a peer did is seen by the worker a little later.
bool comes_to(const RunningSidecar& sidecar, const std::string& sample) {
    const auto until = std::chrono::steady_clock::now() + failing_bound;
    while (std::chrono::steady_clock::now() < until) {
        if (metrics(sidecar).find("\n" + sample + "\n") != std::string::npos)
            return true;
    }
    return false;
}

const std::string connections = "beta_sidecar_active_connections{listener=\"egress\"} ";
const std::string busy = "beta_sidecar_pool_connections{state=\"busy\"} ";

void leave(Client& client, bool by_reset) {
    by_reset ? client.reset() : client.close();
}

}  // namespace

TEST_CASE("a client that leaves at any byte of its request leaves nothing behind") {
    const auto by_reset = GENERATE(false, true);
    Line line;
    for (std::size_t size = 0; size < upload.size(); ++size) {
        Client client(line.sidecar.egress());
        client.send(upload.substr(0, size));
        leave(client, by_reset);
    }
    CHECK(comes_to(line.sidecar, connections + "1"));
    CHECK(comes_to(line.sidecar, busy + "0"));
    CHECK(line.client.ask(upload).status() == 200);
    for (const auto& message : line.upstream.requests())
        CHECK(message.body == "hello");
}

TEST_CASE("an upstream that leaves at any byte of its answer never makes a whole one of it") {
    const auto by_reset = GENERATE(false, true);
    const auto answer = GENERATE(values<std::string>(
        {ok("hello"),
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n"}));
    std::vector<Script> scripts;
    for (std::size_t size = 0; size < answer.size(); ++size) {
        auto script = Script().read_request().send(answer.substr(0, size));
        scripts.push_back(by_reset ? script.reset() : script.close());
    }
    Line line(std::move(scripts));
    for (std::size_t size = 0; size < answer.size(); ++size) {
        Client client(line.sidecar.egress());
        client.send("GET /ok HTTP/1.1\r\nHost: tron-payment\r\nConnection: close\r\n\r\n");
        const auto end = client.end();
        const bool refused = client.received().starts_with("HTTP/1.1 502 ");
        INFO(size << " bytes, then " << client.received());
        CHECK((end == Client::End::closed) == refused);
        CHECK_FALSE(client.received().ends_with("A: b\r\n\r\n"));
    }
    CHECK(comes_to(line.sidecar, connections + "1"));
    CHECK(comes_to(line.sidecar, busy + "0"));
    CHECK(line.upstream.accepted() == answer.size());  // nothing was asked twice
}

TEST_CASE("a SOCKS port that leaves or lies at any step is no way around it") {
    using Step = FakeTor::Step;
    const auto step = GENERATE(Step::method, Step::credentials, Step::reply);
    const auto fault = GENERATE(0, 1, 2);
    const FakeUpstream app;
    FakeTor tor;
    tor.route(RunningSidecar::onion(1), 80, app.port());
    const RunningSidecar sidecar({.socks_port = tor.port(), .app_port = app.port()});
    Client client(sidecar.egress());
    tor.set_fault(step, {.close = fault == 0, .reset = fault == 1});
    if (fault == 2)
        tor.set_fault(step, {.instead = "\x01\x01"});  // credentials refused; elsewhere nonsense
    const auto answer = client.ask(get_ok);
    CHECK(answer.status() == 503);
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=destination_unavailable;"));
    CHECK(app.requests().empty());
    CHECK(comes_to(sidecar, busy + "0"));
    tor.clear_faults();
    CHECK(client.ask(get_ok).status() == 200);
}

// By a reset: who only ends its side may still wait for the answer.
TEST_CASE("a client may leave while tor connects, and its request is never sent") {
    Gate gate;
    Line line;
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    Client client(line.sidecar.egress());
    client.send(get_ok);
    gate.wait_for_arrivals(1);
    client.reset();
    CHECK(comes_to(line.sidecar, connections + "1"));
    gate.open();
    CHECK(line.client.ask(get_ok).status() == 200);
    CHECK(line.upstream.requests().size() == 1);
    CHECK(comes_to(line.sidecar, busy + "0"));
}

TEST_CASE("a client may leave while a stream is awaited, and its place goes to the next") {
    Gate gate;
    Line line(std::vector<Script>{Script()
                                      .read_request()
                                      .pass(gate)
                                      .send(ok("first"))
                                      .read_request()
                                      .send(ok("second"))
                                      .read_to_end()},
              "limits: { upstream_connections: 1, upstream_waiting: 1 }\n");
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    Client waits(line.sidecar.egress());
    Client next(line.sidecar.egress());
    waits.send(get_ok);
    CHECK(next.ask(get_ok).status() == 503);  // one may wait, and it does
    waits.reset();
    CHECK(comes_to(line.sidecar, connections + "2"));
    next.send(get_ok);
    gate.open();
    CHECK(line.client.response().body == "first");
    CHECK(next.response().body == "second");
}

TEST_CASE("a client may leave while the answer is awaited, and the upstream is let go") {
    Gate gate;
    Line line(std::vector<Script>{Script().read_request().pass(gate).read_to_end(),
                                  Script().read_request().send(ok("next")).read_to_end()});
    Client client(line.sidecar.egress());
    client.send(get_ok);
    gate.wait_for_arrivals(1);
    client.reset();
    gate.open();
    line.upstream.wait_for_ended(1);
    CHECK(line.client.ask(get_ok).body == "next");
    CHECK(comes_to(line.sidecar, connections + "1"));
    CHECK(comes_to(line.sidecar, busy + "0"));
}
