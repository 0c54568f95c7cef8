// Goal: the upstream is untrusted too: what it gets wrong never becomes a whole answer, nor the
// answer to another request. Method: field/http-safety.md, chapter "Framing", from scripts that
// break the protocol; over the SOCKS port from egress, and as the app behind ingress.

#include "io/attacks/attack.hpp"

#include <string>
#include <vector>

using namespace beta::testing;

namespace {

const std::string nul(1, '\0');
const std::string ok_line = "HTTP/1.1 200 OK\r\n";
const std::string chunked = ok_line + "Transfer-Encoding: chunked\r\n\r\n";

struct Wire {
    std::string about;
    std::string bytes;
    std::string error = "http_protocol_error";
};

std::vector<Wire> heads() {
    std::vector<Wire> rows;
    const auto add = [&](const std::string& about, const std::string& bytes) {
        rows.push_back({about, bytes});
    };
    add("a status line of words", "OK 200\r\n\r\n");
    add("a status line of another protocol", "ICY 200 OK\r\nContent-Length: 0\r\n\r\n");
    add("a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n");
    add("a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n");
    add("a status with a sign", "HTTP/1.1 +20 OK\r\nContent-Length: 0\r\n\r\n");
    add("a status below 100", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n");
    add("a status beyond 599", "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n");
    add("two blanks before the status", "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n");
    add("HTTP/2", "HTTP/2 200\r\n\r\n");
    add("HTTP/1.2", "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n");
    add("HTTP/0.9, a body alone", "<html>hello</html>\r\n\r\n");
    add("NUL in the reason", "HTTP/1.1 200 O" + nul + "K\r\nContent-Length: 0\r\n\r\n");
    add("a bare CR in the reason", "HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n");
    add("a bare LF behind the status line", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n");
    add("an empty line before the status line", "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    add("an upgrade that nobody asked for", "HTTP/1.1 101 Switching Protocols\r\n\r\n");
    const auto framed = [&](const std::string& about, const std::string& fields) {
        rows.push_back({about, ok_line + fields + "\r\nhello"});
    };
    framed("two lengths", "Content-Length: 5\r\nContent-Length: 5\r\n");
    framed("length and coding", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
    framed("a list of lengths", "Content-Length: 5,5\r\n");
    framed("a length with a plus", "Content-Length: +5\r\n");
    framed("an empty length (CVE-2023-40225)", "Content-Length:\r\n");
    framed("a length beyond the limit", "Content-Length: 2147483648\r\n");
    framed("an unknown coding", "Transfer-Encoding: gzip\r\n");
    framed("identity", "Transfer-Encoding: identity\r\n");
    framed("chunked twice", "Transfer-Encoding: chunked, chunked\r\n");
    framed("two codings", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n");
    framed("a form feed before chunked", "Transfer-Encoding: \fchunked\r\n");
    add("HTTP/1.0 with a coding", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add("204 with a length", "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello");
    add("204 with a coding", "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    add("100 with a length", "HTTP/1.1 100 Go\r\nContent-Length: 5\r\n\r\nhello" + ok("late"));
    rows.push_back({"a head that ends too soon", "HTTP/1.1 200 OK\r\nContent-Le"});
    rows.push_back({"a head that is too large",
                    ok_line + "A: " + std::string(40'000, 'a') + "\r\n\r\n",
                    "http_response_header_section_size"});
    return rows;
}

std::vector<Wire> bodies() {
    return {
        {"a body shorter than its length", ok_line + "Content-Length: 10\r\n\r\nhello"},
        {"chunks without a last one", chunked + "5\r\nhello\r\n"},
        {"a chunk that breaks off", chunked + "5\r\nhel"},
        {"a last chunk without its end", chunked + "5\r\nhello\r\n0\r\n"},
        {"a chunk size in words", chunked + "5\r\nhello\r\nzz\r\n"},
        {"a chunk size with a prefix", chunked + "5\r\nhello\r\n0x1\r\na\r\n0\r\n\r\n"},
        {"a chunk size of 2^64", chunked + "5\r\nhello\r\n10000000000000000\r\n"},
        {"a chunk without its CRLF", chunked + "5\r\nhelloX\r\n0\r\n\r\n"},
        {"a bare LF behind a size", chunked + "5\r\nhello\r\n0\n\r\n"},
        {"a trailer with a length", chunked + "5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n"},
        {"a trailer that sets a cookie", chunked + "5\r\nhello\r\n0\r\nSet-Cookie: a\r\n\r\n"},
        {"a trailer in our name", chunked + "5\r\nhello\r\n0\r\nX-Beta-Rule: a\r\n\r\n"},
        {"trailers without end", chunked + "5\r\nhello\r\n0\r\nA: " + std::string(9000, 'a')},
    };
}

const std::string to_app = "GET /ok HTTP/1.1\r\nHost: api-gateway\r\n\r\n";

}  // namespace

TEST_CASE("a hostile upstream's answer in doubt is a bad gateway and its stream is cut") {
    for (const auto& row : heads()) {
        DYNAMIC_SECTION(row.about) {
            // To the end: a second request on the same stream would show as more bytes.
            const bool ends = row.about == "a head that ends too soon";
            auto script = Script().read_request().send(row.bytes);
            Line line(std::vector<Script>{ends ? script.half_close() : script.read_to_end()});
            const auto answer = line.client.ask(get_ok);
            CHECK(answer.status() == 502);
            CHECK(answer.field("Proxy-Status").starts_with("beta; error=" + row.error + ";"));
            line.upstream.wait_for_ended(1);
            CHECK(line.upstream.received(0).find("GET", 1) == std::string::npos);
        }
    }
}

TEST_CASE("a peer is told no more of a hostile app than that it failed") {
    const FakeUpstream app(
        std::vector<Script>{Script().read_request().send("nonsense\r\n\r\n").read_to_end()});
    const RunningSidecar sidecar({.app_port = app.port()});
    Client client(sidecar.ingress());
    const auto answer = client.ask(to_app);
    CHECK(answer.status() == 502);
    CHECK(answer.field("Proxy-Status") == "beta; error=http_protocol_error");
    CHECK(answer.body.find("detail") == std::string::npos);
}

TEST_CASE("an answer that breaks off or goes wrong half-way is reset, at both doors, never ended") {
    for (const auto& row : bodies()) {
        DYNAMIC_SECTION(row.about) {
            const std::vector<Script> scripts{Script().read_request().send(row.bytes).close()};
            Line line(scripts);
            line.client.send(get_ok);
            CHECK(line.client.end() == Client::End::reset);
            CHECK_FALSE(line.client.received().ends_with("0\r\n\r\n"));
            const FakeUpstream app(scripts);
            const RunningSidecar sidecar({.app_port = app.port()});
            Client client(sidecar.ingress());
            client.send(to_app);
            CHECK(client.end() == Client::End::reset);
            CHECK_FALSE(client.received().ends_with("0\r\n\r\n"));
        }
    }
}

TEST_CASE("what a bodiless answer brings along belongs to no request") {
    const auto [about, request, wire] = GENERATE(table<std::string, std::string, std::string>(
        {{"304 with a body", "GET", "HTTP/1.1 304 Not\r\nContent-Length: 5\r\n\r\nhello"},
         {"204 with a body", "GET", "HTTP/1.1 204 No\r\n\r\nhello"},
         {"HEAD with a body", "HEAD", ok_line + "Content-Length: 5\r\n\r\nhello"},
         {"HEAD with chunks", "HEAD", chunked + "5\r\nhello\r\n0\r\n\r\n"},
         {"a body longer than its length", "GET", ok("hi") + "smuggled"},
         {"a whole second answer", "GET", ok("hi") + ok("smuggled")}}));
    DYNAMIC_SECTION(about) {
        Line line(std::vector<Script>{Script().read_request().send(wire).read_to_end(),
                                      Script().read_request().send(ok("second")).read_to_end()});
        line.client.send(request + " /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
        line.client.response(request == "HEAD");
        CHECK(line.client.ask(get_ok).body == "second");
        CHECK(line.upstream.accepted() == 2);
        CHECK(line.client.received().find("hello") == std::string::npos);
        CHECK(line.client.received().find("smuggled") == std::string::npos);
    }
}

TEST_CASE(
    "an answer before the whole request ends the connection and its stream is not used again") {
    Line line(std::vector<Script>{Script().read_until("\r\n\r\n").send(ok("early")).read_to_end(),
                                  Script().read_request().send(ok("second")).read_to_end()});
    line.client.send("POST /ok HTTP/1.1\r\nHost: tron-payment\r\nContent-Length: 70\r\n\r\n");
    const auto answer = line.client.response();
    CHECK(answer.body == "early");
    CHECK(answer.field("Connection") == "close");
    // What was the body would be a request to a server that took the answer for the end.
    line.client.send("GET /admin HTTP/1.1\r\nHost: tron-payment\r\n\r\n");
    CHECK(line.client.end() == Client::End::closed);
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0).find("/admin") == std::string::npos);
    Client next(line.sidecar.egress());
    CHECK(next.ask(get_ok).body == "second");
}

TEST_CASE("an upstream that answers and closes before it has read all is heard (RFC 9112 §9.5)") {
    const FakeUpstream app(std::vector<Script>{Script()
                                                   .read_until("\r\n\r\n")
                                                   .send("HTTP/1.1 413 No\r\nConnection: close\r\n"
                                                         "Content-Length: 2\r\n\r\nno")
                                                   .close()});
    const RunningSidecar sidecar({.app_port = app.port()});
    Client client(sidecar.ingress());
    client.send("POST /ok HTTP/1.1\r\nHost: api-gateway\r\nContent-Length: 900000\r\n\r\n" +
                std::string(100'000, 'a'));
    CHECK(client.response().status() == 413);
}

TEST_CASE("the head of an answer does not wait for its body") {
    Gate gate;
    Line line(std::vector<Script>{Script()
                                      .read_request()
                                      .send(ok_line + "Content-Length: 5\r\n\r\n")
                                      .pass(gate)
                                      .send("hello")
                                      .read_to_end()});
    line.client.send(get_ok);
    CHECK(line.client.until("\r\n\r\n") == ok_line + "Content-Length: 5\r\n\r\n");
    gate.open();
    CHECK(line.client.exactly(5) == "hello");
}

TEST_CASE("a flood of interim answers is cut off, and none after the final one is passed on") {
    std::string flood;
    for (int i = 0; i < 17; ++i)
        flood += "HTTP/1.1 103 Early Hints\r\n\r\n";
    Line line(std::vector<Script>{Script().read_request().send(flood + ok("late")).read_to_end()});
    line.client.send(get_ok);
    CHECK(line.client.until("502").find("late") == std::string::npos);
    line.upstream.wait_for_ended(1);
}

TEST_CASE("a client of HTTP/1.0 gets one answer that it can read") {
    const auto old = "GET /ok HTTP/1.0\r\nHost: tron-payment\r\n\r\n";
    SECTION("with a length, and then the close, though it asked to stay") {
        Line line;
        line.client.send(
            "GET /ok HTTP/1.0\r\nHost: tron-payment\r\nConnection: keep-alive\r\n\r\n");
        const auto answer = line.client.response();
        CHECK(answer.body == "hello");
        CHECK(answer.field("Connection") == "close");
        CHECK(line.client.to_end().empty());
        CHECK(line.upstream.requests()[0].start_line() == "GET /ok HTTP/1.0");
    }
    SECTION("no interim answers") {
        Line line(std::vector<Script>{
            Script().read_request().send("HTTP/1.1 100 Go\r\n\r\n" + ok("only")).read_to_end()});
        CHECK(line.client.ask(old).body == "only");
    }
    SECTION("no chunks: an upstream that sends them is at fault") {
        Line line(std::vector<Script>{
            Script().read_request().send(chunked + "5\r\nhello\r\n0\r\n\r\n").read_to_end()});
        const auto answer = line.client.ask(old);
        CHECK(answer.status() == 502);
        CHECK(answer.field("Proxy-Status").starts_with("beta; error=http_protocol_error;"));
    }
    SECTION("a body until the close") {
        Line line(std::vector<Script>{
            Script().read_request().send("HTTP/1.0 200 OK\r\n\r\nhello").half_close()});
        CHECK(line.client.ask(old).body == "hello");
    }
    SECTION("of the absolute form, with a Host made from it") {
        Line line;
        CHECK(line.client.ask("GET http://tron-payment/ok HTTP/1.0\r\n\r\n").status() == 200);
        CHECK(line.upstream.requests()[0].field("Host") == "tron-payment");
    }
    SECTION("an expectation of 100 is nobody's to answer") {
        Line line;
        line.client.send(
            "POST /ok HTTP/1.0\r\nHost: tron-payment\r\nExpect: 100-continue\r\n"
            "Content-Length: 3\r\n\r\nabc");
        CHECK(line.client.response().status() == 200);
    }
}
