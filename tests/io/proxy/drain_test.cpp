// Goal: a drain finishes what began, takes nothing new, and then ends.
// Method: an answer held at a gate while the drain begins.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

TEST_CASE("a drain lets the request in flight end and then closes its connection") {
    Gate gate;
    Line line(
        std::vector<Script>{Script().read_request().pass(gate).send(ok("late")).read_to_end()});
    Client idle(line.sidecar.egress());
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    line.sidecar->drain();
    CHECK(idle.to_end().empty());
    gate.open();
    const auto answer = line.client.response();
    CHECK(answer.body == "late");
    CHECK(answer.field("Connection") == "close");
    CHECK(line.client.to_end().empty());
    CHECK(line.sidecar->wait());
}

TEST_CASE("a request that waits in the backlog when a drain begins is answered") {
    Gate gate;
    Line line({Script().read_request().pass(gate).send(ok("first")),
               Script().read_request().send(ok("second"))},
              "limits: { downstream_connections: 1 }\n");
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    Client waiting(line.sidecar.egress());
    waiting.send(get_ok);
    line.sidecar->drain();
    CHECK(waiting.response().body == "second");
    gate.open();
    CHECK(line.client.response().body == "first");
    CHECK(line.sidecar->wait());
}

TEST_CASE("a drain with nothing under way ends at once") {
    Line line;
    REQUIRE(line.client.ask(get_ok).status() == 200);
    line.sidecar->drain();
    CHECK(line.client.to_end().empty());
    CHECK(line.sidecar->wait());
}

TEST_CASE("stop cuts off what a drain would wait for") {
    Gate gate;
    Line line(
        std::vector<Script>{Script().read_request().pass(gate).send(ok("late")).read_to_end()});
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    line.sidecar->drain();
    line.sidecar->stop();
    CHECK_FALSE(line.sidecar->wait());
    gate.open();
}
