#include "beta/admin/client.hpp"

#include "admin_server.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <cstdio>
#include <deque>
#include <filesystem>
#include <string>

using namespace beta;
using namespace std::chrono_literals;
using testing::AdminServer;
using testing::Client;
using testing::plain_hooks;

namespace {

const std::string livez = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\n";

}  // namespace

TEST_CASE("a connection serves many requests, pipelined as well") {
    const AdminServer server;
    Client client(server.port());
    for (int i = 0; i < 10; ++i)
        REQUIRE(client.ask(livez).status() == 200);
    client.send(livez + "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n" + livez);
    CHECK(client.response().body == "live\n");
    CHECK(client.response().body == "ready\n");
    CHECK(client.response().body == "live\n");
}

TEST_CASE("after so many requests a connection is closed politely") {
    const AdminServer server(plain_hooks(), {.requests = 2});
    Client client(server.port());
    CHECK_FALSE(client.ask(livez).field("Connection") == "close");
    CHECK(client.ask(livez).field("Connection") == "close");
    CHECK(client.end() == Client::End::closed);
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection") {
    const auto* const request = GENERATE(
        values<const char*>({"GET /livez HTTP/1.0\r\n\r\n",
                             "GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}));
    const AdminServer server;
    Client client(server.port());
    CHECK(client.ask(request).status() == 200);
    CHECK(client.end() == Client::End::closed);
}

TEST_CASE("bytes that are no request of ours get a 4xx and the end of the connection") {
    struct Row {
        const char* name;
        std::string bytes;
        int status;
    };
    const auto row = GENERATE(values<Row>(
        {{"garbage", "\x16\x03\x01\x02\r\n\r\n", 400},
         {"a bad version", "GET /livez HTTP/9.9\r\n\r\n", 400},
         {"a bad field", "GET /livez HTTP/1.1\r\nHo st: a\r\n\r\n", 400},
         {"a body", "GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", 413},
         {"a chunked body",
          "POST /livez HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
          "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          413},
         {"a large head", "GET /livez HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n",
          431}}));
    DYNAMIC_SECTION(row.name) {
        const AdminServer server;
        Client client(server.port());
        CHECK(client.ask(row.bytes).status() == row.status);
        client.end();  // closed or reset: the rest of what we sent is not read
        CHECK(server.get("/livez").status() == 200);
    }
}

TEST_CASE("a slow request and an idle connection are closed in time") {
    const AdminServer server(plain_hooks(), {.request_time = 40ms, .idle_time = 40ms});
    Client slow(server.port());
    slow.send("GET /livez HT");
    CHECK(slow.end() == Client::End::closed);
    CHECK(slow.received().empty());
    Client idle(server.port());
    CHECK(idle.ask(livez).status() == 200);
    CHECK(idle.end() == Client::End::closed);
}

TEST_CASE("beyond the cap a connection is closed at once, and the others live on") {
    const AdminServer server(plain_hooks(), {.connections = 3});
    std::deque<Client> clients;
    for (int i = 0; i < 3; ++i) {
        clients.emplace_back(server.port());
        REQUIRE(clients.back().ask(livez).status() == 200);
    }
    Client one_more(server.port());
    one_more.end();
    CHECK(one_more.received().empty());
    for (auto& client : clients)
        CHECK(client.ask(livez).status() == 200);
    clients.pop_front();
    // The place is free once the server has seen the end of the first; that takes a moment.
    bool served = false;
    while (!served) {
        Client next(server.port());
        try {
            served = next.ask(livez).status() == 200;
        } catch (const std::runtime_error&) {
            served = false;
        }
    }
    CHECK(served);
}

TEST_CASE("stop ends open connections") {
    AdminServer server;
    Client client(server.port());
    CHECK(client.ask(livez).status() == 200);
    (*server).stop();
    client.end();
    (*server).stop();  // again, and the destructor a third time
}

TEST_CASE("the admin endpoint can be a unix socket") {
    const auto path = std::filesystem::temp_directory_path() /
                      ("beta-admin-" + std::to_string(::getpid()) + ".sock");
    const auto address = model::Endpoint::parse("unix:" + path.string());
    auto socket = net::bind_listener(*address, false);
    REQUIRE(socket);
    admin::Server server(std::move(*socket), plain_hooks());
    server.start();
    const auto reply = admin::ask(*address, "/livez", 5s);
    REQUIRE(reply);
    CHECK(reply->body == "live\n");
    std::filesystem::remove(path);
}
