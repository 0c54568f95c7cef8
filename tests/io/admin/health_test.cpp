#include "admin_server.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>

using namespace beta;
using testing::AdminServer;
using testing::plain_hooks;

TEST_CASE("not ready is 503 and says why without being asked") {
    auto hooks = plain_hooks();
    hooks.ready = [] {
        return admin::Readiness{
            .ready = false,
            .checks = {{"policy", true, ""}, {"tor", false, "127.0.0.1:9050 refuses connections"}}};
    };
    const AdminServer server(hooks);
    const auto answer = server.get("/readyz");
    CHECK(answer.status() == 503);
    CHECK(answer.body == "not ready\n[+] policy\n[-] tor: 127.0.0.1:9050 refuses connections\n");
    CHECK(server.get("/livez").status() == 200);
}

TEST_CASE("words of a check cannot forge another line") {
    auto hooks = plain_hooks();
    hooks.ready = [] {
        return admin::Readiness{.ready = false,
                                .checks = {{"tor", false, "gone\n[+] tor: fine\r\x1b[2J"}}};
    };
    const AdminServer server(hooks);
    CHECK(server.get("/readyz").body == "not ready\n[-] tor: gone?[+] tor: fine??[2J\n");
}

TEST_CASE("not live is 503") {
    auto hooks = plain_hooks();
    hooks.live = [] { return false; };
    const AdminServer server(hooks);
    CHECK(server.get("/livez").status() == 503);
    CHECK(server.get("/healthz").status() == 503);
}

TEST_CASE("a hook that throws ends its own connection and no other") {
    auto hooks = plain_hooks();
    hooks.live = []() -> bool { throw std::runtime_error("bug"); };
    const AdminServer server(hooks);
    testing::Client client(server.port());
    client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    client.end();
    CHECK(client.received().empty());
    CHECK(server.get("/readyz").status() == 200);
}
