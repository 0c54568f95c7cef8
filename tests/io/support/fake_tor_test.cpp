#include "support/fake_tor.hpp"

#include "beta/socks/connect.hpp"

#include "support/client.hpp"
#include "support/fake_upstream.hpp"

#include <catch2/catch.hpp>

#include <system_error>
#include <thread>
#include <vector>

namespace beta::testing {
namespace {

using namespace std::string_literals;
using socks::Action;
using socks::Fault;

/// The shortest driver of a socks::Connect: what the connector of the sidecar does, on a blocking
/// socket.
Action handshake(Socket& socket, std::uint16_t port = 80) {
    auto connect = socks::Connect::make("pay.onion", port, "user", "secret").value();
    Action action = connect.start();
    while (action.kind == Action::Kind::send || action.kind == Action::Kind::need_more) {
        if (action.kind == Action::Kind::send)
            socket.send(action.bytes);
        const std::string bytes = socket.receive();
        action = bytes.empty() ? connect.closed() : connect.receive(bytes);
    }
    return action;
}

Action handshake_with(const FakeTor& tor) {
    Socket socket = Socket::connect(tor.port());
    return handshake(socket);
}

TEST_CASE("a stream through the fake tor carries bytes both ways") {
    FakeUpstream upstream;
    FakeTor tor;
    tor.route("pay.onion", 80, upstream.port());
    if (GENERATE(false, true))
        tor.answer_byte_by_byte();
    Socket socket = Socket::connect(tor.port());
    REQUIRE(handshake(socket).kind == Action::Kind::connected);
    socket.send("GET / HTTP/1.1\r\n\r\n");
    CHECK(MessageReader(socket).response().body == "hello");
    CHECK(tor.requests() == std::vector<FakeTor::Request>{{"user", "secret", "pay.onion", 80}});
    CHECK(tor.errors().empty());
}

TEST_CASE("an end on either side ends the stream through the fake tor") {
    FakeUpstream upstream({Script().read_until("!").send("bye"), Script().read_to_end()});
    FakeTor tor;
    tor.route("pay.onion", 80, upstream.port());
    Socket first = Socket::connect(tor.port());
    REQUIRE(handshake(first).kind == Action::Kind::connected);
    first.send("!");
    CHECK(MessageReader(first).to_end() == "bye");
    Socket second = Socket::connect(tor.port());
    REQUIRE(handshake(second).kind == Action::Kind::connected);
    second.close();
    upstream.wait_for_ended(2);
    tor.wait_for_ended(2);
}

TEST_CASE("the fake tor says what tor says of destinations that cannot be reached") {
    FakeTor tor;
    CHECK(handshake_with(tor).fault == Fault::descriptor_not_found);
    {
        FakeUpstream gone;
        tor.route("pay.onion", 80, gone.port());
    }
    CHECK(handshake_with(tor).fault == Fault::general);
    tor.refuse("pay.onion", 80, 0xF2);
    CHECK(handshake_with(tor).fault == Fault::introduction_failed);
}

struct BadAnswer {
    FakeTor::Step step;
    FakeTor::Fault fault;
    Fault seen;
};

TEST_CASE("every way a SOCKS port can go wrong is told apart over a real socket") {
    using Step = FakeTor::Step;
    const std::vector<BadAnswer> rows{
        {Step::method, {.instead = "\x05\xFF"s}, Fault::method_refused},
        {Step::method, {.instead = "HTTP/1.1 400 Bad Request\r\n\r\n"}, Fault::http_answer},
        {Step::method, {.instead = "SSH-2.0-x"}, Fault::malformed},
        {Step::method, {.after = "x"}, Fault::unexpected_bytes},
        {Step::method, {.close = true}, Fault::closed_early},
        {Step::credentials, {.instead = "\x01\x01"s}, Fault::credentials_refused},
        {Step::credentials, {.after = "x"}, Fault::unexpected_bytes},
        {Step::credentials, {.close = true}, Fault::closed_early},
        {Step::reply, {.instead = "\x05\x42"s}, Fault::unknown_reply},
        {Step::reply, {.after = "HTTP/1.1 200 OK\r\n"}, Fault::unexpected_bytes},
        {Step::reply, {.close = true}, Fault::closed_early},
    };
    for (const BadAnswer& row : rows) {
        FakeUpstream upstream;
        FakeTor tor;
        tor.route("pay.onion", 80, upstream.port());
        tor.set_fault(row.step, row.fault);
        CAPTURE(static_cast<int>(row.step), static_cast<int>(row.seen));
        CHECK(handshake_with(tor).fault == row.seen);
        tor.clear_faults();
        CHECK(handshake_with(tor).kind == Action::Kind::connected);
    }
}

TEST_CASE("a port that resets is seen as a reset") {
    FakeTor tor;
    tor.set_fault(FakeTor::Step::credentials, {.reset = true});
    Socket socket = Socket::connect(tor.port());
    CHECK_THROWS_AS(handshake(socket), Reset);
}

TEST_CASE("a stalled answer comes once the test lets it") {
    FakeUpstream upstream;
    FakeTor tor;
    tor.route("pay.onion", 80, upstream.port());
    Gate gate;
    tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    std::thread opener([&] {
        gate.wait_for_arrivals(1);
        gate.open();
    });
    CHECK(handshake_with(tor).kind == Action::Kind::connected);
    opener.join();
}

TEST_CASE("what no honest client sends is an error of the fake tor") {
    const auto greeting = GENERATE("\x05\x01\x00"s, "\x04\x01\x00"s, "GET"s);
    FakeTor tor;
    Socket socket = Socket::connect(tor.port());
    socket.send(greeting);
    CHECK(socket.receive().empty());
    CHECK(tor.errors().size() == 1);
    CHECK(tor.requests().empty());
}

TEST_CASE("an address where a domain name is due is an error of the fake tor") {
    FakeTor tor;
    Socket socket = Socket::connect(tor.port());
    socket.send("\x05\x01\x02"s);
    CHECK(socket.receive() == "\x05\x02"s);
    socket.send("\x01\x01u\x01p"s);
    CHECK(socket.receive() == "\x01\x00"s);
    socket.send("\x05\x01\x00\x01\x7F\x00\x00\x01\x00\x50"s);
    tor.wait_for_ended(1);
    CHECK(tor.errors().size() == 1);
    CHECK(tor.requests().empty());
}

TEST_CASE("when circuits die every stream ends, and new ones are possible") {
    FakeUpstream upstream;
    FakeTor tor;
    tor.route("pay.onion", 80, upstream.port());
    Socket socket = Socket::connect(tor.port());
    REQUIRE(handshake(socket).kind == Action::Kind::connected);
    tor.cut_streams();
    CHECK(socket.receive().empty());
    CHECK(handshake_with(tor).kind == Action::Kind::connected);
}

TEST_CASE("tor can be stopped and started again on its port") {
    std::uint16_t port = 0;
    {
        FakeTor tor;
        port = tor.port();
        tor.stop();
        CHECK_THROWS_AS(Socket::connect(port), std::system_error);
    }
    FakeTor again(port);
    CHECK(handshake_with(again).fault == Fault::descriptor_not_found);
}

}  // namespace
}  // namespace beta::testing
