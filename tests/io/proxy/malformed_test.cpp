// Goal: a message in doubt is refused with the right status, the connection ends, no byte is
// forwarded. Method: raw bytes against the running sidecar; the SOCKS port must stay untouched.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta::testing;

namespace {

struct Row {
    std::string name;
    std::string bytes;
    int status;
};

const std::string host = "Host: tron-payment\r\n";

}  // namespace

TEST_CASE("a malformed request is refused, ends the connection, and goes nowhere") {
    const auto row = GENERATE(values<Row>({
        {"bare line feeds", "GET /ok HTTP/1.1\nHost: tron-payment\n\n", 400},
        {"noise", "\x16\x03\x01\x02\r\n\r\n", 400},
        {"no Host", "GET /ok HTTP/1.1\r\n\r\n", 400},
        {"two Hosts", "GET /ok HTTP/1.1\r\n" + host + host + "\r\n", 400},
        {"blank before colon", "GET /ok HTTP/1.1\r\nHost : tron-payment\r\n\r\n", 400},
        {"folded line", "GET /ok HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", 400},
        {"dot segments", "GET /ok/../never HTTP/1.1\r\n" + host + "\r\n", 400},
        {"encoded slash", "GET /ok%2fnever HTTP/1.1\r\n" + host + "\r\n", 400},
        {"double slash", "GET //ok HTTP/1.1\r\n" + host + "\r\n", 400},
        {"length and coding",
         "POST /ok HTTP/1.1\r\n" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
         400},
        {"signed length", "POST /ok HTTP/1.1\r\n" + host + "Content-Length: +3\r\n\r\nabc", 400},
        {"underscored look-alike", "GET /ok HTTP/1.1\r\n" + host + "X_Beta_Rule: a\r\n\r\n", 400},
        {"unknown coding", "POST /ok HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip\r\n\r\n", 501},
        {"CONNECT with a path", "CONNECT tron-payment:80/ok HTTP/1.1\r\n" + host + "\r\n", 400},
        {"HTTP/2 version", "GET /ok HTTP/2.0\r\n" + host + "\r\n", 505},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
        {"long field",
         "GET /ok HTTP/1.1\r\n" + host + "A: " + std::string(40'000, 'a') + "\r\n\r\n", 431},
        {"large body", "POST /ok HTTP/1.1\r\n" + host + "Content-Length: 99999999999\r\n\r\n", 413},
    }));
    DYNAMIC_SECTION(row.name) {
        Line line;
        line.client.send(row.bytes);
        const auto answer = line.client.response();
        CHECK(answer.status() == row.status);
        CHECK(answer.has("Proxy-Status"));
        CHECK(answer.field("Connection") == "close");
        CHECK(line.client.end() == Client::End::closed);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE(
    "a body whose chunks break off in nonsense is refused, and the upstream sees no end of it") {
    Gate arrived(true);
    Line line(std::vector<Script>{Script().read_until("abc\r\n").pass(arrived).read_to_end()});
    line.client.send("POST /ok HTTP/1.1\r\n" + host +
                     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    arrived.wait_for_arrivals(1);
    line.client.send("2\r\nde\r\nXX\r\n");
    CHECK(line.client.response().status() == 400);
    CHECK(line.client.end() == Client::End::closed);
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0).ends_with("3\r\nabc\r\n"));
}

TEST_CASE(
    "an upstream that breaks the protocol is a bad gateway, and its stream is not used again") {
    const auto wire = GENERATE(values<std::string>(
        {"nonsense\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
         "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
         "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
         "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/2 200\r\n\r\n",
         "HTTP/1.1 204 No\r\nContent-Length: 3\r\n\r\nabc"}));
    DYNAMIC_SECTION(wire) {
        Line line(std::vector<Script>{Script().read_request().send(wire).read_to_end()});
        const auto answer = line.client.ask(get_ok);
        CHECK(answer.status() == 502);
        CHECK(answer.body.find("upstream") != std::string::npos);
        line.upstream.wait_for_ended(1);
    }
}

TEST_CASE("a flood of interim answers is cut off") {
    std::string flood;
    for (int i = 0; i < 17; ++i)
        flood += "HTTP/1.1 103 Early Hints\r\n\r\n";
    Line line(std::vector<Script>{Script().read_request().send(flood + ok("late")).read_to_end()});
    line.client.send(get_ok);
    const auto all = line.client.until("502");
    CHECK(all.find("late") == std::string::npos);
}
