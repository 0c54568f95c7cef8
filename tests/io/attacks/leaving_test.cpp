// Goal: whoever leaves, at whatever byte, hurts nobody else, and nothing cut short looks whole
// (field: "kill at every await").
// Method: every length of a request and of an answer, ended by a reset or by a close.

#include "io/proxy/line.hpp"

#include <catch2/catch.hpp>

using namespace beta::testing;

namespace {

const std::string request =
    "POST /ok HTTP/1.1\r\nHost: tron-payment\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
const std::string answer =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";

}  // namespace

TEST_CASE("a client may leave at any byte of its request, and the next one is served") {
    Line line;
    for (std::size_t size = 0; size <= request.size(); ++size) {
        Client resets(line.sidecar.egress());
        resets.send(request.substr(0, size));
        resets.reset();
        Client closes(line.sidecar.egress());
        closes.send(request.substr(0, size));
        closes.close();
    }
    CHECK(line.client.ask(get_ok).body == "hello");
}

TEST_CASE("a client may leave at any byte of its answer, and the next one is served") {
    Line line(FakeUpstream::Handler([](const Message&) { return answer; }));
    const auto whole = line.client.ask(request);
    CHECK(whole.body == "hello");
    for (std::size_t size = 1; size < answer.size(); ++size) {
        Client client(line.sidecar.egress());
        client.send(request);
        client.exactly(size);
        client.reset();
    }
    CHECK(line.client.ask(request).body == "hello");
}

TEST_CASE("an upstream that leaves at any byte of its answer never leaves a whole one behind") {
    const bool by_reset = GENERATE(false, true);
    std::vector<Script> scripts;
    for (std::size_t size = 0; size <= answer.size(); ++size) {
        Script script;
        script.read_request().send(answer.substr(0, size));
        scripts.push_back(by_reset ? script.reset() : script.close());
    }
    Line line(scripts);
    for (std::size_t size = 0; size < answer.size(); ++size) {
        Client client(line.sidecar.egress());
        client.send("GET /ok HTTP/1.1\r\nHost: tron-payment\r\nConnection: close\r\n\r\n");
        const auto end = client.end();
        const bool refused = client.received().starts_with("HTTP/1.1 502 ");
        CAPTURE(size, by_reset, client.received());
        CHECK((refused ||
               (end == Client::End::reset && !client.received().ends_with("\r\n0\r\n\r\n"))));
    }
    CHECK(line.upstream.accepted() == answer.size());
}
