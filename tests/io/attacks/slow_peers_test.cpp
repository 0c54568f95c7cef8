// Goal: a peer that is slow, idle or greedy costs little and is cut off; the others are served.
// Method: field/http-safety.md, "Slow headers, slow body, slow read, many idle connections; header
// count and size, URI length, pipelining depth, trailer size" (the sizes stand in headers_test.cpp
// and framing_test.cpp). Limits of a few hundred milliseconds; a drip is a stimulus, never a wait.

#include "io/attacks/attack.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace beta::testing;

namespace {

/// Sends a byte now and then until the peer has had enough of it.
class Drip {
  public:
    explicit Drip(Client& client, std::string_view bytes)
        : thread_([&client, bytes](const std::stop_token& stop) {
              try {
                  for (std::size_t i = 0; !stop.stop_requested(); ++i) {
                      client.send(bytes.substr(i % bytes.size(), 1));
                      std::this_thread::sleep_for(std::chrono::milliseconds(20));
                  }
              } catch (const Reset&) {
                  return;  // that is an answer too
              }
          }) {}

  private:
    std::jthread thread_;
};

const std::string post_head = "POST /ok HTTP/1.1\r\nHost: tron-payment\r\n";

}  // namespace

TEST_CASE("a head that drips in is cut off at its time, however steadily it drips") {
    Line line("limits: { header_time: 400ms }\n");
    line.client.send("GET /ok HTTP/1.1\r\nHost: tron-payment\r\nA: ");
    const Drip drip(line.client, "a");
    const auto answer = line.client.response();
    CHECK(answer.status() == 408);
    CHECK(answer.field("Proxy-Status").starts_with("beta; error=http_request_error;"));
    CHECK(line.tor.accepted() == 0);
}

TEST_CASE("a second head on a kept connection has the same time as the first") {
    Line line("limits: { header_time: 400ms }\n");
    REQUIRE(line.client.ask(get_ok).status() == 200);
    line.client.send("GET /o");
    CHECK(line.client.response().status() == 408);
}

TEST_CASE("a body that drips in below the minimum rate is cut off, and its stream with it") {
    const auto coding = GENERATE(values<std::string>(
        {"Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"}));
    DYNAMIC_SECTION(coding.substr(0, 8)) {
        Line line(std::vector<Script>{Script().read_to_end()},
                  "limits: { body_idle_time: 300ms, minimum_rate: 100KiB }\n");
        line.client.send(post_head + coding);
        const Drip drip(line.client, "a");
        CHECK(line.client.response().status() == 408);
        line.upstream.wait_for_ended(1);
    }
}

TEST_CASE("a slow body that keeps the minimum rate passes") {
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.body); }),
              "limits: { body_idle_time: 300ms, minimum_rate: 1 }\n");
    line.client.send(post_head + "Content-Length: 40\r\n\r\n");
    for (int i = 0; i < 40; ++i) {
        line.client.send("a");
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(line.client.response().body.size() == 40);
}

TEST_CASE("a client that never reads its answer is reset, and the upstream let go") {
    std::string much;
    much.resize(30'000'000, 'a');
    Line line(std::vector<Script>{Script().read_request().send(ok(much)).read_to_end()},
              "limits: { send_idle_time: 300ms }\n");
    line.client.shrink_buffers(16 * 1024);
    line.client.send(get_ok);
    line.upstream.wait_for_ended(1);
    CHECK(line.client.end() == Client::End::reset);
}

TEST_CASE("a client that never reads its refusals is cut off, and they do not pile up") {
    Line line("limits: { send_idle_time: 300ms, close_time: 300ms, header_time: 1s }\n");
    const std::string denied = "GET /other HTTP/1.1\r\nHost: tron-payment\r\n\r\n";
    std::string many;
    for (int i = 0; i < 1000; ++i)
        many += denied;
    // Refused to be read in the end: the sender sees the reset instead of an endless appetite.
    CHECK_THROWS_AS(
        [&] {
            for (int i = 0; i < 1000; ++i)
                line.client.send(many);
        }(),
        Reset);
}

TEST_CASE("an upstream that drips its head is a gateway timeout") {
    Gate never;
    Line line(std::vector<Script>{Script().read_request().send("HTTP/1.1 200 OK\r\nA").pass(never)},
              "limits: { response_time: 400ms }\n");
    CHECK(line.client.ask(get_ok).status() == 504);
    never.open();
}

TEST_CASE("connections that only wait make room for those that have something to say") {
    Line line("limits: { downstream_connections: 4 }\n");
    REQUIRE(line.client.ask(get_ok).status() == 200);
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 20; ++i) {
        idle.push_back(std::make_unique<Client>(line.sidecar.egress()));
        REQUIRE(idle.back()->ask(get_ok).status() == 200);
    }
    CHECK(line.client.to_end().empty());
    CHECK(idle.front()->to_end().empty());
    CHECK(idle.back()->ask(get_ok).status() == 200);
}

TEST_CASE("a connection at work is never shed: who comes beyond the cap waits for a place") {
    Gate gate;
    Line line(
        std::vector<Script>{
            Script().read_request().pass(gate).send(ok("a")).read_request().send(ok("b"))},
        "limits: { downstream_connections: 1, upstream_connections: 4 }\n");
    line.client.send(get_ok);
    gate.wait_for_arrivals(1);
    Client second(line.sidecar.egress());
    second.send(get_ok);
    gate.wait_for_arrivals(2);  // one, and one over the cap
    Client third(line.sidecar.egress());
    third.send(get_ok);
    gate.open();
    CHECK(line.client.response().body == "a");
    CHECK(second.response().body == "a");
    line.client.close();
    second.close();
    CHECK(third.response().status() == 200);
}

TEST_CASE("a deep pipeline is answered in order while others are served") {
    Line line(FakeUpstream::Handler([](const Message& request) { return ok(request.target()); }),
              "limits: { pipelined_requests: 2 }\n");
    std::string all;
    for (int i = 0; i < 500; ++i)
        all += "GET /ok/" + std::to_string(i) + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n";
    line.client.send(all);
    Client other(line.sidecar.egress());
    CHECK(other.ask(get_ok).status() == 200);
    for (int i = 0; i < 500; ++i)
        REQUIRE(line.client.response().body == "/ok/" + std::to_string(i));
}

TEST_CASE("two hundred that say nothing, or half a word, keep nobody from being served") {
    Line line;
    std::vector<std::unique_ptr<Client>> slow;
    for (int i = 0; i < 200; ++i) {
        slow.push_back(std::make_unique<Client>(line.sidecar.egress()));
        if (i % 2 == 0)
            slow.back()->send("GET /ok HTTP/1.1\r\nHost: tr");
    }
    for (int i = 0; i < 50; ++i)
        REQUIRE(line.client.ask(get_ok).status() == 200);
}
