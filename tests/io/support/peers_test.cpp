#include "support/client.hpp"
#include "support/fake_upstream.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

namespace beta::testing {
namespace {

using namespace std::string_literals;

const std::string get = "GET /x HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_CASE("an upstream with a handler answers requests of one connection in order") {
    FakeUpstream upstream([](const Message& request) { return ok(request.target()); });
    Client client(upstream.port());
    client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
    CHECK(client.response().body == "/1");
    CHECK(client.response().body == "/2");
    CHECK(upstream.accepted() == 1);
    CHECK(upstream.requests().size() == 2);
}

TEST_CASE("an upstream keeps exactly the bytes it received") {
    FakeUpstream upstream;
    Client client(upstream.port());
    const std::string odd =
        "POST /  HTTP/1.1\r\nhOST:   a \r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nabc\r\n0\r\nTrailer: t\r\n\r\n";
    client.send_byte_by_byte(odd);
    CHECK(client.response().body == "hello");
    client.close();
    upstream.wait_for_ended(1);
    CHECK(upstream.received(0) == odd);
    CHECK(upstream.requests().front().body == "abc");
    CHECK(upstream.requests().front().raw == odd);
}

TEST_CASE("an upstream closes when the request or the answer says so") {
    const bool asked = GENERATE(true, false);
    FakeUpstream upstream([&](const Message&) {
        return asked ? ok("") : "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"s;
    });
    Client client(upstream.port());
    client.send(asked ? "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"s : get);
    CHECK(client.end() == Client::End::closed);
    CHECK(upstream.requests().size() == 1);
}

TEST_CASE("each connection plays its own script, and the last one again") {
    FakeUpstream upstream({Script().send("first"), Script().send("rest")});
    CHECK(Client(upstream.port()).to_end() == "first");
    CHECK(Client(upstream.port()).to_end() == "rest");
    CHECK(Client(upstream.port()).to_end() == "rest");
}

TEST_CASE("an answer is held until the test opens its gate") {
    Gate gate;
    FakeUpstream upstream(
        {Script().read_request().send("HTTP/1.1 200 OK\r\n").pass(gate).send("\r\nlate")});
    Client client(upstream.port());
    client.send(get);
    CHECK(client.until("\r\n") == "HTTP/1.1 200 OK\r\n");
    gate.wait_for_arrivals(1);
    CHECK(client.received() == "HTTP/1.1 200 OK\r\n");
    gate.open();
    CHECK(client.to_end() == "\r\nlate");
}

TEST_CASE("a reset is told from a close") {
    FakeUpstream upstream(
        {Script().read_request().send("x").reset(), Script().read_request().send("x").close()});
    Client first(upstream.port());
    first.send(get);
    CHECK(first.end() == Client::End::reset);
    Client second(upstream.port());
    second.send(get);
    CHECK(second.end() == Client::End::closed);
    CHECK(second.received() == "x");
}

TEST_CASE("a half-closed upstream still reads") {
    FakeUpstream upstream({Script().send("bye").half_close().read_to_end()});
    Client client(upstream.port());
    CHECK(client.to_end() == "bye");
    client.send("still here");
    client.close();
    upstream.wait_for_ended(1);
    CHECK(upstream.received(0) == "still here");
}

TEST_CASE("a request that ends too early is an error of the script") {
    FakeUpstream upstream({Script().read_request()});
    Client(upstream.port()).send("GET / HTTP/1.1\r\nHo");
    upstream.wait_for_ended(1);
    CHECK(upstream.received(0) == "GET / HTTP/1.1\r\nHo");
    REQUIRE(upstream.errors().size() == 1);
    CHECK_THAT(upstream.errors().front(), Catch::Contains("ended within a message"));
}

TEST_CASE("a cut ends the streams of a server that goes on accepting") {
    FakeUpstream upstream;
    Client client(upstream.port());
    CHECK(client.ask(get).body == "hello");
    upstream.cut();
    CHECK(client.to_end().empty());
    CHECK(Client(upstream.port()).ask(get).body == "hello");
}

TEST_CASE("a stopped server refuses connections") {
    FakeUpstream upstream;
    upstream.stop();
    CHECK_THROWS_AS(Client(upstream.port()), std::system_error);
}

TEST_CASE("answers without a body end with their head") {
    const auto* head = GENERATE("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n",
                                "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
    FakeUpstream upstream({Script().send(head + ok("next"))});
    Client client(upstream.port());
    CHECK(client.response().body.empty());
    CHECK(client.response().body == "next");
}

TEST_CASE("an answer to HEAD has no body whatever its length says") {
    FakeUpstream upstream({Script().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" + ok(""))});
    Client client(upstream.port());
    CHECK(client.response(true).field("content-length") == "9");
    CHECK(client.response().field("content-length") == "0");
}

TEST_CASE("fields are found whatever their case, and counted") {
    const Message message{.head = "GET /p HTTP/1.1\r\nX-A:1\r\nx-a:  2\r\nX-AB: 3\r\n\r\n"};
    CHECK(message.method() == "GET");
    CHECK(message.target() == "/p");
    CHECK(message.field("X-A") == "1");
    CHECK(message.count("x-A") == 2);
    CHECK_FALSE(message.has("GET /p HTTP/1.1"));
}

}  // namespace
}  // namespace beta::testing
