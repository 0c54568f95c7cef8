// Goal: each circuit has credentials of its own; one that fails or stalls is left for a fresh one,
// and nothing under way is lost by that.
// Method: a SOCKS port that keeps the credentials of each CONNECT, and answers late or never.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <list>
#include <set>
#include <thread>

using namespace beta::testing;
using namespace std::chrono_literals;

namespace {

std::set<std::string> users(const std::vector<FakeTor::Request>& requests,
                            const std::string& domain = RunningSidecar::onion(1)) {
    std::set<std::string> all;
    for (const auto& request : requests) {
        if (request.domain == domain)
            all.insert(request.user + ':' + request.password);
    }
    return all;
}

/// The value of a series; 0 when there is none.
double metric(const RunningSidecar& sidecar, const std::string& series) {
    const auto text = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    const auto at = text.find("\n" + series + " ");
    return at == std::string::npos ? 0 : std::stod(text.substr(at + series.size() + 2));
}

const std::string get_chain = "GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n";

}  // namespace

TEST_CASE("requests that meet are spread over circuits, each with credentials of its own") {
    Gate gate;
    Line line(FakeUpstream::Handler([&](const Message&) {
        gate.pass();
        return ok("hello");
    }));
    line.tor.route(RunningSidecar::onion(2), 81, line.upstream.port());
    std::list<Client> clients;
    const auto ask = [&](const std::string& request) {
        clients.emplace_back(line.sidecar.egress()).send(request);
        gate.wait_for_arrivals(clients.size());
    };
    const auto payment = [&] { return users(line.tor.requests()); };
    const auto chain = [&] { return users(line.tor.requests(), RunningSidecar::onion(2)); };
    // A further circuit is made ready beside the requests: how soon, nobody promises.
    while (clients.size() < 60 && (payment().size() < 3 || chain().size() < 3)) {
        ask(get_ok);
        ask(get_chain);
    }
    CHECK(payment().size() == 3);
    CHECK(chain().size() == 3);
    for (const auto& user : chain())
        CHECK_FALSE(payment().contains(user));
    gate.open();
    for (auto& client : clients)
        CHECK(client.response().body == "hello");
}

TEST_CASE("with one circuit all requests to a destination share its credentials") {
    Gate gate;
    Line line(FakeUpstream::Handler([&](const Message&) {
                  gate.pass();
                  return ok("hello");
              }),
              "upstream: { circuits: 1 }\n");
    std::list<Client> clients;
    for (int i = 0; i < 5; ++i) {
        clients.emplace_back(line.sidecar.egress()).send(get_ok);
        gate.wait_for_arrivals(clients.size());
    }
    gate.open();
    CHECK(users(line.tor.wait_for_requests(5)).size() == 1);
}

TEST_CASE("a connect that stalls is tried again on fresh credentials while there is time") {
    Gate gate;
    Line line("limits: { circuit_connect_time: 300ms, connect_tries: 10 }\n");
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    line.client.send(get_ok);
    const auto seen = line.tor.wait_for_requests(2);
    gate.open();
    CHECK(line.client.response().status() == 200);
    CHECK(users(seen).size() == seen.size());
    CHECK(metric(line.sidecar, "beta_sidecar_retries_total{reason=\"connect_timeout\"}") >= 1);
    CHECK(metric(line.sidecar, "beta_sidecar_circuit_renewals_total{reason=\"failed\"}") >= 1);
    CHECK(line.upstream.requests().size() == 1);
}

TEST_CASE("a refusal is tried again on fresh credentials, and told once when none helps") {
    const auto code = GENERATE(0x01, 0x05, 0xF0, 0xF2, 0xF7);
    Line line;
    line.tor.refuse(RunningSidecar::onion(1), 80, static_cast<std::uint8_t>(code));
    CHECK(line.client.ask(get_ok).status() >= 502);
    const auto seen = line.tor.requests();
    CHECK(seen.size() == 3);
    CHECK(users(seen).size() == 3);
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    CHECK(line.client.ask(get_ok).status() == 200);
}

TEST_CASE("a refusal that no circuit can help is told at once") {
    const auto code = GENERATE(0x02, 0xF4, 0xF5, 0xF6);
    Line line;
    line.tor.refuse(RunningSidecar::onion(1), 80, static_cast<std::uint8_t>(code));
    CHECK(line.client.ask(get_ok).status() >= 403);
    CHECK(line.tor.requests().size() == 1);
}

TEST_CASE("a destination that comes during the tries is reached, and nobody hears of it") {
    Line line("limits: { connect_tries: 10 }\n");
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    line.client.send(get_ok);
    line.tor.wait_for_requests(2);
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    CHECK(line.client.response().status() == 200);
}

TEST_CASE("a circuit that stalls is left and replaced, and its request still gets its answer") {
    Gate gate;
    Line line({Script().read_request().pass(gate).send(ok("late")).read_to_end(),
               Script().read_request().send(ok("elsewhere")).read_to_end()},
              "limits: { circuit_stall_time: 200ms }\n");
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    CHECK(users(line.tor.wait_for_requests(2)).size() == 2);  // nobody asked for the second
    Client second(line.sidecar.egress());
    CHECK(second.ask(get_ok).body == "elsewhere");
    gate.open();
    CHECK(line.client.response().body == "late");
    CHECK(metric(line.sidecar, "beta_sidecar_circuit_renewals_total{reason=\"stalled\"}") == 1);
}

TEST_CASE("a circuit far slower than another is replaced while nobody waits for it") {
    Gate slow;
    Gate busy;
    Line line(FakeUpstream::Handler([&](const Message& request) {
                  if (request.start_line().contains("/slow"))
                      slow.pass();
                  if (request.start_line().contains("/busy"))
                      busy.pass();
                  return ok("hello");
              }),
              "upstream: { circuits: 2 }\nlimits: { upstream_connections: 2 }\n");
    Client other(line.sidecar.egress());
    std::chrono::steady_clock::duration slowest{};
    // Each circuit has room for one: while the first is asked the second serves all others.
    const auto ask_meanwhile = [&] {
        const auto since = std::chrono::steady_clock::now();
        for (auto now = since; now - since <= 4 * slowest || now == since;) {
            const auto begun = std::chrono::steady_clock::now();
            CHECK(other.ask(get_ok).status() == 200);
            now = std::chrono::steady_clock::now();
            slowest = std::max(slowest, now - begun);
        }
        slow.open();
        CHECK(line.client.response().status() == 200);
        slow.shut();
    };
    const std::string get_slow = "GET /ok/slow HTTP/1.1\r\nHost: tron-payment\r\n\r\n";
    line.client.send(get_slow);
    slow.wait_for_arrivals(1);
    ask_meanwhile();
    Client third(line.sidecar.egress());
    const auto begun = std::chrono::steady_clock::now();
    third.send("GET /ok/busy HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    busy.wait_for_arrivals(1);
    line.client.send(get_slow);
    slow.wait_for_arrivals(2);
    busy.open();
    CHECK(third.response().status() == 200);
    slowest = std::max(slowest, std::chrono::steady_clock::now() - begun);
    CHECK(users(line.tor.requests()).size() == 2);
    ask_meanwhile();
    CHECK(users(line.tor.wait_for_requests(3)).size() == 3);  // nobody asked for the third
    CHECK(metric(line.sidecar, "beta_sidecar_circuit_renewals_total{reason=\"slow\"}") == 1);
    CHECK(line.client.ask(get_ok).status() == 200);
}

TEST_CASE("a circuit that is alone and turns slow is given another beside it") {
    Gate slow;
    Line line(FakeUpstream::Handler([&](const Message& request) {
        if (request.start_line().contains("/slow"))
            slow.pass();
        return ok("hello");
    }));
    const auto since = std::chrono::steady_clock::now();
    CHECK(line.client.ask(get_ok).status() == 200);
    CHECK(users(line.tor.requests()).size() == 1);
    const auto usual = std::chrono::steady_clock::now() - since;
    line.client.send("GET /ok/slow HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    slow.wait_for_arrivals(1);
    const auto asked = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - asked <= 4 * usual + 150ms)
        std::this_thread::sleep_for(10ms);
    CHECK(users(line.tor.requests()).size() == 1);
    slow.open();
    CHECK(line.client.response().status() == 200);
    CHECK(users(line.tor.wait_for_requests(2)).size() == 2);  // nobody asked for the second
}

TEST_CASE("who waits behind a request that is not answered is served by another circuit") {
    Gate stuck;
    Gate gate;
    Script answers = Script().read_request().pass(gate);
    for (const std::string body : {"b", "c", "d"})
        answers.send(ok(body)).read_request();
    Line line({Script().read_request().pass(stuck).send(ok("stuck")).read_to_end(), answers},
              "limits: { upstream_connections: 2, upstream_waiting: 4 }\n");
    Client second(line.sidecar.egress());
    Client third(line.sidecar.egress());
    Client fourth(line.sidecar.egress());
    line.client.send(get_ok);
    stuck.wait_for_arrivals(1);
    second.send(get_ok);
    gate.wait_for_arrivals(1);
    third.send(get_ok);
    fourth.send(get_ok);
    gate.open();
    CHECK(second.response().body == "b");
    // One of the two was queued behind the first request.
    CHECK(third.response().body.size() == 1);
    CHECK(fourth.response().body.size() == 1);
    stuck.open();
    CHECK(line.client.response().body == "stuck");
}

TEST_CASE("circuits are changed by the schedule, and a stream in use lives on") {
    Gate gate;
    Line line({Script()
                   .read_request()
                   .send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
                   .pass(gate)
                   .send("full")
                   .read_to_end(),
               Script().read_request().send(ok("new")).read_to_end()},
              "upstream: { rotate_circuits: 1s }\n");
    line.client.send(get_ok);
    line.client.until("half");
    CHECK(users(line.tor.wait_for_requests(2)).size() == 2);  // ready before anybody asks
    gate.open();
    CHECK(line.client.until("full") == "full");
    CHECK(metric(line.sidecar, "beta_sidecar_circuit_renewals_total{reason=\"scheduled\"}") >= 1);
    CHECK(line.client.ask(get_ok).status() == 200);
}

TEST_CASE("when every circuit dies the failure is told as before, and then all is well again") {
    Gate gate;
    Line line(FakeUpstream::Handler([&](const Message&) {
        gate.pass();
        return ok("hello");
    }));
    std::list<Client> clients;
    for (int i = 0; i < 4; ++i) {
        clients.emplace_back(line.sidecar.egress()).send(get_ok);
        gate.wait_for_arrivals(clients.size());
    }
    gate.open();
    for (auto& client : clients)
        REQUIRE(client.response().status() == 200);
    line.tor.refuse(RunningSidecar::onion(1), 80, 0xF2);
    line.tor.cut_streams();
    line.tor.wait_for_ended(4);
    const auto answer = line.client.ask(get_ok);
    CHECK(answer.status() == 503);
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=destination_unavailable"));
    line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    CHECK(line.client.ask(get_ok).status() == 200);
}

TEST_CASE("circuits with a stream are counted by destination") {
    Line line;
    CHECK(line.client.ask(get_ok).status() == 200);
    const auto count = [&] {
        return metric(line.sidecar, "beta_sidecar_circuits{destination=\"tron-payment\"}");
    };
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (count() != 1 && std::chrono::steady_clock::now() < end)  // counted each second
        std::this_thread::sleep_for(20ms);
    CHECK(count() == 1);
}
