// Goal: what passes through TLS is what was sent, whole or visibly not, whoever is slow.
// Method: two whole sidecars, large bodies, readers that wait, apps that break off.

#include "io/tls/pair.hpp"
#include "support/gate.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace beta::testing;

namespace {

/// No two places alike, so that a lost, doubled or moved record shows.
std::string numbers(std::size_t bytes) {
    std::string text;
    text.reserve(bytes + 16);
    for (std::size_t i = 0; text.size() < bytes; ++i)
        text += std::to_string(i) + ',';
    text.resize(bytes);
    return text;
}

std::string post(const std::string& body) {
    return "POST /ok HTTP/1.1\r\nHost: blockchain-core\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

const std::string get = "GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n";

// RFC 6455 §1.3
const std::string upgrade =
    "GET /ok HTTP/1.1\r\nHost: blockchain-core\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
const std::string switches =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

}  // namespace

TEST_CASE("bodies of every size round a record come through both ways unchanged") {
    const Pair pair({}, [](const Message& request) { return ok(request.body); });
    Client client(pair.caller->egress());
    for (const std::size_t size : {0, 1, 16'383, 16'384, 16'385, 65'535, 65'536, 200'000}) {
        const auto body = numbers(size);
        CAPTURE(size);
        CHECK((client.ask(post(body)).body == body));
    }
}

TEST_CASE("a reader that waits gets all of a large answer, byte for byte") {
    const auto body = numbers(24'000'000);
    const Pair pair({}, [&](const Message&) { return ok(body); });
    Client client(pair.caller->egress());
    client.shrink_buffers(65'536);
    client.send(get);
    pair.app.wait_for_requests(1);  // and reads only from here on
    CHECK((client.response().body == body));
}

TEST_CASE("an app that waits gets all of a large request, byte for byte") {
    const auto body = numbers(24'000'000);
    Gate gate;
    const Pair pair(
        {},
        {Script().read_until("\r\n\r\n").pass(gate).read_exactly(body.size()).send(ok("thanks"))});
    Client client(pair.caller->egress());
    std::thread sender([&] { client.send(post(body)); });
    gate.wait_for_arrivals(1);
    gate.open();
    sender.join();
    CHECK(client.response().body == "thanks");
    pair.app.wait_for_ended(1);
    CHECK(pair.app.received(0).ends_with(body));
}

TEST_CASE("an answer that breaks off is reset at the other end, never taken for whole") {
    const Pair pair({}, {Script()
                             .read_request()
                             .send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                             .reset()});
    Client client(pair.caller->egress());
    client.send(get);
    CHECK(client.end() == Client::End::reset);
}

TEST_CASE("an answer that runs to the end of its connection ends where the app ended it") {
    const Pair pair({},
                    {Script().read_request().send("HTTP/1.1 200 OK\r\n\r\nto the end").close()});
    Client client(pair.caller->egress());
    client.send(get);
    CHECK(client.end() == Client::End::closed);
    CHECK(client.received().ends_with("\r\n\r\nto the end"));
}

TEST_CASE("a websocket's two ends come one by one through TLS") {
    const Pair pair({}, {Script().read_request().send(switches).read_to_end().send("bye")});
    Client client(pair.caller->egress());
    client.send(upgrade);
    client.until("\r\n\r\n");
    client.send("ping");
    client.half_close();
    CHECK(client.to_end() == "bye");
    pair.app.wait_for_ended(1);
    CHECK(pair.app.received(0).ends_with("\r\n\r\nping"));
}
