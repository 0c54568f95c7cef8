// Goal: no peer can hold a connection open by doing nothing.
// Method: limits of a few hundred milliseconds; the peer waits for our answer, never for a clock.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

TEST_CASE("a head that does not come to its end is a request timeout") {
    Line line("limits: { header_time: 300ms }\n");
    line.client.send("GET /ok HTTP/1.1\r\nHost: tron");
    CHECK(line.client.response().status() == 408);
    CHECK(line.client.end() == Client::End::closed);
}

TEST_CASE("a connection that says nothing is closed without a word") {
    Line line("limits: { header_time: 300ms }\n");
    CHECK(line.client.to_end().empty());
}

TEST_CASE("an idle connection is closed after its keep-alive time") {
    Line line("limits: { keep_alive_time: 300ms }\n");
    CHECK(line.client.ask(get_ok).status() == 200);
    CHECK(line.client.to_end().empty());
}

TEST_CASE("a body that stops coming is a request timeout") {
    Line line(std::vector<Script>{Script().read_until("\r\n\r\n").read_to_end()},
              "limits: { body_idle_time: 1s }\n");
    line.client.send("POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 10\r\n\r\nabc");
    CHECK(line.client.response().status() == 408);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("a body that waits for the upstream to read is not the client's delay") {
    Gate gate;
    std::string body;
    body.resize(40'000'000, 'b');  // more than all sockets on the way can hold
    Line line(std::vector<Script>{Script()
                                      .read_until("\r\n\r\nb")
                                      .pass(gate)
                                      .read_exactly(body.size() - 1)
                                      .send(ok("all")),
                                  Script().read_until("\r\n\r\n").read_to_end()},
              "limits: { body_idle_time: 4s }\n");
    const std::string head = "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: ";
    line.client.send(head + std::to_string(body.size()) + "\r\n\r\nb");
    gate.wait_for_arrivals(1);  // the sidecar has waited for more of the body
    std::thread sender([&] { line.client.send(body.substr(1)); });
    for (int i = 0; i < 2; ++i) {  // each takes body_idle_time, and begins when the last has ended
        Client slow(line.sidecar.egress());
        slow.send(head + "10\r\n\r\n");
        CHECK(slow.response().status() == 408);
    }
    gate.open();
    CHECK(line.client.response().body == "all");
    sender.join();
}

TEST_CASE("the time for an answer begins when the whole request has been sent") {
    Gate gate;
    Line line(std::vector<Script>{Script().read_until("\r\n\r\nbo").pass(gate).read_to_end()},
              "limits: { response_time: 300ms, body_idle_time: 1m }\n");
    line.client.send("POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 4\r\n\r\nbo");
    gate.wait_for_arrivals(1);
    gate.open();
    line.client.send("dy");
    CHECK(line.client.response().status() == 504);
}

TEST_CASE("an upstream that does not answer is a gateway timeout") {
    Line line(std::vector<Script>{Script().read_request().read_to_end()},
              "limits: { response_time: 1s }\n");
    CHECK(line.client.ask(get_ok).status() == 504);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("an answer that stalls half-way breaks off") {
    Line line(std::vector<Script>{Script()
                                      .read_request()
                                      .send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
                                      .read_to_end()},
              "limits: { body_idle_time: 1s }\n");
    line.client.send(get_ok);
    CHECK(line.client.end() == Client::End::reset);
}
