// Goal: a destination that no connect reaches is left alone, which is told at once and costs tor
// nothing; what lives again is found by one request.
// Method: a SOCKS port that refuses, stalls and counts.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <list>
#include <thread>

using namespace beta::testing;
using namespace std::chrono_literals;

namespace {

constexpr int closed = 0, half_open = 1, open = 2;

int state(const RunningSidecar& sidecar, const std::string& destination = "tron-payment") {
    const auto text = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const auto series = "\nbeta_sidecar_breaker_state{destination=\"" + destination + "\"} ";
    const auto at = text.find(series);
    return at == std::string::npos ? -1 : std::stoi(text.substr(at + series.size()));
}

/// Asks for as long as `go_on` says; false when that has no end.
template <class GoOn>
bool ends(GoOn go_on) {
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (go_on()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(20ms);
    }
    return true;
}

std::string breaker(const std::string& keys, const std::string& limits = "connect_tries: 1") {
    return "upstream: { circuits: 1, " + keys + " }\nlimits: { " + limits + " }\n";
}

}  // namespace

TEST_CASE("after some connects that failed the failure is told at once, and tor is not asked") {
    Line line(breaker("breaker_failures: 2, breaker_time: 1h"));
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    line.tor.route(RunningSidecar::onion(2), 81, line.upstream.port());
    for (int i = 0; i < 5; ++i) {
        const auto answer = line.client.ask(get_ok);
        CHECK(answer.status() == 503);
        CHECK(answer.field("Proxy-Status").starts_with("beta; error=destination_unavailable"));
    }
    CHECK(line.tor.requests().size() == 2);
    CHECK(state(line.sidecar) == open);
    CHECK(line.client.ask("GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n").status() == 200);
    CHECK(state(line.sidecar, "blockchain-core") == closed);
}

TEST_CASE("once the time is over a destination that lives again is reached") {
    Line line(breaker("breaker_failures: 1, breaker_time: 10ms"));
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF0);
    CHECK(line.client.ask(get_ok).status() == 503);
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    CHECK(ends([&] { return line.client.ask(get_ok).status() != 200; }));
    CHECK(state(line.sidecar) == closed);
}

TEST_CASE("one request tries while all others fail at once") {
    Gate gate;
    Line line(
        breaker("breaker_failures: 1, breaker_time: 10ms", "connect_tries: 1, connect_time: 10m"));
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    CHECK(line.client.ask(get_ok).status() == 503);
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    std::list<Client> clients;
    CHECK(ends([&] {
        clients.emplace_back(line.sidecar.egress()).send(get_ok);
        return line.tor.requests().size() < 2;
    }));
    gate.wait_for_arrivals(1);
    for (int i = 0; i < 3; ++i)
        CHECK(line.client.ask(get_ok).status() == 503);
    CHECK(state(line.sidecar) == half_open);
    CHECK(line.tor.requests().size() == 2);
    gate.open();
    int reached = 0;
    for (auto& client : clients)
        reached += client.response().status() == 200 ? 1 : 0;
    CHECK(reached >= 1);
    CHECK(state(line.sidecar) == closed);
}

TEST_CASE("who waits for a connect of others fails with it, when it is the last one") {
    Gate gate;
    Line line(breaker("breaker_failures: 1, breaker_time: 1h",
                      "connect_tries: 1, connect_time: 10m, upstream_connections: 1"));
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    std::list<Client> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back(line.sidecar.egress()).send(get_ok);
    gate.wait_for_arrivals(1);
    gate.open();
    for (auto& client : clients)
        CHECK(client.response().status() == 503);
    CHECK(line.tor.requests().size() == 1);
}

TEST_CASE("a stream that is open is used though no other can be opened, and its answer closes") {
    Gate gate;
    Line line(FakeUpstream::Handler([&](const Message& request) {
                  if (request.start_line().contains("/slow"))
                      gate.pass();
                  return ok("hello");
              }),
              breaker("breaker_failures: 1, breaker_time: 1h"));
    line.client.send("GET /ok/slow HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    gate.wait_for_arrivals(1);
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    Client other(line.sidecar.egress());
    CHECK(other.ask(get_ok).status() == 503);
    CHECK(state(line.sidecar) == open);
    gate.open();
    CHECK(line.client.response().body == "hello");
    CHECK(state(line.sidecar) == closed);
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    CHECK(other.ask(get_ok).status() == 200);
}

TEST_CASE("a destination is not left alone for what no circuit can help, nor when it is off") {
    const auto [keys, code] = GENERATE(table<std::string, int>(
        {{"breaker_failures: 1, breaker_time: 1h", 0xF4}, {"breaker_failures: off", 0xF2}}));
    Line line(breaker(keys));
    line.tor.refuse(RunningSidecar::onion(1), 80, static_cast<std::uint8_t>(code));
    for (int i = 0; i < 7; ++i)
        CHECK(line.client.ask(get_ok).status() >= 502);
    CHECK(line.tor.requests().size() == 7);
    CHECK(state(line.sidecar) == closed);
}
