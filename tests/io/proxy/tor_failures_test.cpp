// Goal: every way tor can fail is one well-known answer, and never a direct connection.
// Method: a SOCKS port that answers each code, garbage, or not at all.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

struct Row {
    int code;
    int status;
    std::string proxy_status;
};

}  // namespace

TEST_CASE("each SOCKS reply of tor is the answer the conventions give it") {
    const auto row = GENERATE(values<Row>({{0x01, 502, "destination_unavailable"},
                                           {0x02, 403, "destination_ip_prohibited"},
                                           {0x04, 503, "destination_unavailable"},
                                           {0x05, 502, "connection_refused"},
                                           {0x06, 504, "connection_timeout"},
                                           {0xF0, 503, "destination_not_found"},
                                           {0xF1, 502, "destination_unavailable"},
                                           {0xF2, 503, "destination_unavailable"},
                                           {0xF3, 504, "connection_timeout"},
                                           {0xF4, 502, "proxy_configuration_error"},
                                           {0xF5, 502, "proxy_configuration_error"},
                                           {0xF6, 502, "destination_not_found"},
                                           {0xF7, 504, "connection_timeout"}}));
    DYNAMIC_SECTION(row.code) {
        Line line;
        line.tor.refuse(RunningSidecar::onion(1), 80, static_cast<std::uint8_t>(row.code));
        const auto answer = line.client.ask(get_ok);
        CHECK(answer.status() == row.status);
        CHECK(answer.field("Proxy-Status").starts_with("beta; error=" + row.proxy_status));
        CHECK(line.upstream.accepted() == 0);
        line.tor.route(RunningSidecar::onion(1), 80, line.upstream.port());
    }
}

TEST_CASE("a SOCKS port that is not there is 503, and nothing else is dialled") {
    FakeUpstream upstream;
    std::uint16_t gone = 0;
    {
        FakeTor tor;
        gone = tor.port();
    }
    RunningSidecar sidecar({.socks_port = gone, .app_port = upstream.port()});
    Client client(sidecar.egress());
    const auto answer = client.ask(get_ok);
    CHECK(answer.status() == 503);
    CHECK(upstream.accepted() == 0);
}

TEST_CASE("a SOCKS port that answers nonsense, HTTP, or ends is 503") {
    const auto instead =
        GENERATE(values<std::string>({"HTTP/1.1 400 Bad Request\r\n\r\n", "\x04\x5a", "\x05\xff"}));
    Line line;
    line.tor.set_fault(FakeTor::Step::method, {.instead = instead});
    CHECK(line.client.ask(get_ok).status() == 503);
    line.tor.set_fault(FakeTor::Step::method, {.close = true});
    CHECK(line.client.ask(get_ok).status() == 503);
    line.tor.clear_faults();
    CHECK(line.client.ask(get_ok).status() == 200);
}

TEST_CASE("a SOCKS port that answers byte by byte is understood") {
    Line line;
    line.tor.answer_byte_by_byte();
    CHECK(line.client.ask(get_ok).body == "hello");
}

TEST_CASE("a connect that takes too long is a gateway timeout") {
    Gate gate;
    Line line("limits: { connect_time: 500ms }\n");
    line.tor.set_fault(FakeTor::Step::reply, {.stall = &gate});
    CHECK(line.client.ask(get_ok).status() == 504);
    gate.open();
}

TEST_CASE("tor comes back, and so does the service") {
    FakeUpstream upstream;
    auto tor = std::make_unique<FakeTor>();
    const auto port = tor->port();
    tor->route(RunningSidecar::onion(1), 80, upstream.port());
    RunningSidecar sidecar({.socks_port = port});
    Client client(sidecar.egress());
    CHECK(client.ask(get_ok).status() == 200);
    tor->stop();
    tor.reset();
    CHECK(client.ask(get_ok).status() == 503);
    tor = std::make_unique<FakeTor>(port);
    tor->route(RunningSidecar::onion(1), 80, upstream.port());
    CHECK(client.ask(get_ok).status() == 200);
}
