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
