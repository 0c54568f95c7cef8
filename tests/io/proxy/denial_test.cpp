// Goal: what is not allowed gets an answer that says why, and not one byte goes out.
// Method: count what the SOCKS port saw.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

std::string request(const std::string& path, const std::string& host) {
    return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

}  // namespace

TEST_CASE("a denial names its rule and reason, and nothing is dialled") {
    Line line;
    const auto answer = line.client.ask(request("/ok/never/x", "tron-payment"));
    CHECK(answer.status() == 403);
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=http_request_denied"));
    CHECK(answer.body.find("rule never: no one may, ever") != std::string::npos);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("what no rule allows is denied by default") {
    Line line;
    const auto answer = line.client.ask(request("/other", "tron-payment"));
    CHECK(answer.status() == 403);
    CHECK(answer.body.find("default-deny") != std::string::npos);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("a name that the directory does not hold is denied before SOCKS") {
    const auto host = GENERATE(values<std::string>(
        {"unknown", "127.0.0.1", "2130706433", "0x7f.1", "localhost", "printer.local",
         "xn--tron-payment", "tron-payment.ops", "tron-payment.wallet.x", "x.tron-payment",
         "1.2.3.4:80", "example.com"}));
    Line line;
    DYNAMIC_SECTION(host) {
        CHECK(line.client.ask(request("/ok", host)).status() == 403);
        CHECK(line.tor.accepted() == 0);
    }
}

TEST_CASE("an onion address is not a name an app may use") {
    Line line;
    CHECK(line.client.ask(request("/ok", RunningSidecar::onion(1))).status() == 403);
    CHECK(line.client.ask(request("/ok", "x." + RunningSidecar::onion(1))).status() == 403);
    CHECK(line.client.ask(request("/ok", RunningSidecar::onion(1) + ".")).status() == 403);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("a denied request with a body is answered without reading it, and the connection ends") {
    Line line;
    line.client.send(
        "POST /other HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 100000\r\n\r\nabc");
    const auto answer = line.client.response();
    CHECK(answer.status() == 403);
    CHECK(answer.field("Connection") == "close");
    CHECK(line.client.end() == Client::End::closed);
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("a denied HEAD has no body and keeps the connection") {
    Line line;
    line.client.send("HEAD /other HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    CHECK(line.client.response(true).status() == 403);
    CHECK(line.client.ask(get_ok).body == "hello");
}

TEST_CASE("our own token in Via means a loop") {
    Line line;
    const auto answer =
        line.client.ask("GET /ok HTTP/1.1\r\nHost: tron-payment\r\nVia: 1.1 beta\r\n\r\n");
    CHECK(answer.status() == 508);
    CHECK(line.tor.accepted() == 0);
}
