#include "beta/admin/client.hpp"

#include "admin_server.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>

using namespace beta;
using namespace std::chrono_literals;
using testing::AdminServer;
using testing::Listener;

namespace {

model::Endpoint at(std::uint16_t port) {
    return *model::Endpoint::parse("127.0.0.1:" + std::to_string(port));
}

/// A peer that answers every connection with `text` and closes it.
class Answering {
  public:
    explicit Answering(std::string text)
        : text_(std::move(text)), thread_([this] {
              while (auto socket = listener_.accept()) {
                  socket->receive();
                  if (!text_.empty())
                      socket->send(text_);
              }
          }) {}
    ~Answering() { listener_.stop(); }
    std::uint16_t port() const { return listener_.port(); }

  private:
    Listener listener_;
    std::string text_;
    std::jthread thread_;
};

}  // namespace

TEST_CASE("the client reads status and body of a page") {
    const AdminServer server;
    const auto reply = admin::ask(server.endpoint(), "/readyz?verbose", 5s);
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == "ready\n[+] policy: 12 rules\n");
    CHECK(admin::ask(server.endpoint(), "/nowhere", 5s)->status == 404);
}

TEST_CASE("the client says that nobody listens") {
    std::uint16_t port = 0;
    {
        const Listener listener;
        port = listener.port();
    }
    const auto reply = admin::ask(at(port), "/livez", 5s);
    REQUIRE_FALSE(reply);
    CHECK(reply.error() ==
          "no answer from 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_CASE("the client gives up at its deadline") {
    const Listener listener;  // takes connections into its backlog and says nothing
    const auto begin = std::chrono::steady_clock::now();
    const auto reply = admin::ask(at(listener.port()), "/livez", 50ms);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().find("timed out") != std::string::npos);
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("the client recognises what is no answer of a sidecar") {
    const std::string text = GENERATE(values<std::string>(
        {"", "220 mail.example ESMTP\r\n", "HTTP/1.1 200", "HTTP/1.1 2x0 OK\r\n\r\n",
         "HTTP/2 200\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"}));
    const Answering peer(text);
    const auto reply = admin::ask(at(peer.port()), "/livez", 5s);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().find("not the HTTP of a sidecar") != std::string::npos);
}

TEST_CASE("the client does not take an endless answer") {
    const Answering peer("HTTP/1.1 200 OK\r\n\r\n" + std::string(3 << 20, 'x'));
    const auto reply = admin::ask(at(peer.port()), "/livez", 5s);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().find("too long") != std::string::npos);
}
