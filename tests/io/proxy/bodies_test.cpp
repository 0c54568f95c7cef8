// Goal: bodies pass in both directions whole, in order, with back-pressure, and never end too soon
// unnoticed. Method: sizes beyond every buffer; peers that stop reading at a gate; scripts that
// break off.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace beta::testing;

namespace {

std::string pattern(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i)
        text += std::to_string(i) + ' ';
    text.resize(size);
    return text;
}

const std::string post = "POST /ok HTTP/1.1\r\nHost: tron-payment\r\n";
const std::string& get = get_ok;

}  // namespace

TEST_CASE("a body of known length arrives whole, however large") {
    const std::size_t size = GENERATE(1u, 1024u, 65'536u, 5'000'000u);
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.body); }));
    const auto body = pattern(size);
    std::thread sender([&] {
        line.client.send(post + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + body);
    });
    const auto answer = line.client.response();
    sender.join();
    CHECK(answer.status() == 200);
    CHECK((answer.body == body));
}

TEST_CASE("a chunked body passes byte for byte with extensions and trailers, both ways") {
    const std::string wire =
        "5;ext=1\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nX-Checksum: 77\r\n\r\n";
    const std::string response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + wire;
    Line line(
        std::vector<Script>{Script().read_request().send_byte_by_byte(response).read_to_end()});
    line.client.send_byte_by_byte(post + "Transfer-Encoding: chunked\r\n\r\n" + wire);
    const auto answer = line.client.response();
    CHECK(answer.body == "hello world");
    CHECK(answer.raw == response);
    CHECK(line.upstream.wait_for_requests(1)[0].raw.ends_with("\r\n\r\n" + wire));
}

TEST_CASE("the next request follows a chunked one on the same connection") {
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.body); }));
    line.client.send(post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" + get);
    CHECK(line.client.response().body == "abc");
    CHECK(line.client.response().body.empty());
}

TEST_CASE("an answer that runs until the close ends with a close, and says so") {
    Line line(std::vector<Script>{
        Script().read_request().send("HTTP/1.1 200 OK\r\n\r\n" + pattern(200'000)).half_close()});
    line.client.send(get);
    const auto all = line.client.to_end();
    CHECK(all.starts_with("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"));
    CHECK(all.ends_with(pattern(200'000)));
}

TEST_CASE("an answer that breaks off is seen as broken, never as complete") {
    const auto wire = GENERATE(values<std::string>(
        {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}));
    DYNAMIC_SECTION(wire) {
        Line line(std::vector<Script>{Script().read_request().send(wire).close()});
        line.client.send(get);
        CHECK(line.client.end() == Client::End::reset);
        CHECK_FALSE(line.client.received().ends_with("0\r\n\r\n"));
    }
}

TEST_CASE("an upstream that does not read stops the sender, and loses nothing") {
    Gate gate;
    const std::size_t size = 8'000'000;
    const auto body = pattern(size);
    Line line(std::vector<Script>{
        Script().read_until("\r\n\r\n").pass(gate).read_exactly(size).send(ok("all"))});
    std::thread sender([&] {
        line.client.send(post + "Content-Length: " + std::to_string(size) + "\r\n\r\n" + body);
    });
    gate.wait_for_arrivals(1);
    gate.open();
    CHECK(line.client.response().body == "all");
    sender.join();
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.received(0).ends_with(body));
}

TEST_CASE("a client that does not read stops the upstream, and loses nothing") {
    const std::size_t size = 8'000'000;
    Line line(FakeUpstream::Handler([&](const Message&) { return ok(pattern(size)); }));
    line.client.shrink_buffers(64 * 1024);
    line.client.send(get);
    CHECK((line.client.response().body == pattern(size)));
}

TEST_CASE("an answer that comes before the body has been sent ends the connection in order") {
    Line line(std::vector<Script>{Script()
                                      .read_until("\r\n\r\n")
                                      .send("HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno")
                                      .read_to_end()});
    line.client.send(post + "Content-Length: 1000000\r\n\r\nonly the beginning");
    const auto answer = line.client.response();
    CHECK(answer.status() == 413);
    CHECK(answer.field("Connection") == "close");
    CHECK(line.client.end() == Client::End::closed);
}

TEST_CASE("bytes behind an answer never become the next one") {
    Line line(std::vector<Script>{
        Script().read_request().send(ok("first") + ok("smuggled")).read_to_end(),
        Script().read_request().send(ok("second")).read_to_end()});
    CHECK(line.client.ask(get).body == "first");
    CHECK(line.client.ask(get).body == "second");
    CHECK(line.upstream.accepted() == 2);
}

TEST_CASE("a client that goes away mid-request takes its upstream stream with it") {
    Line line(std::vector<Script>{Script().read_until("\r\n\r\n").read_to_end()});
    line.client.send(post + "Content-Length: 100\r\n\r\nabc");
    line.upstream.wait_for_accepted(1);
    line.client.close();
    line.upstream.wait_for_ended(1);
    CHECK(line.upstream.accepted() == 1);
}
