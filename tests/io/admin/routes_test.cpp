#include "admin_server.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace beta;
using testing::AdminServer;
using testing::Client;

TEST_CASE("the admin endpoint serves its list, aliases included") {
    struct Row {
        const char* target;
        const char* body;
    };
    const auto row =
        GENERATE(values<Row>({{"/metrics", "up 1\n"},
                              {"/stats/prometheus", "up 1\n"},
                              {"/livez", "live\n"},
                              {"/healthz", "live\n"},
                              {"/health", "live\n"},
                              {"/readyz", "ready\n"},
                              {"/ready", "ready\n"},
                              {"/readyz?verbose", "ready\n[+] policy: 12 rules\n"},
                              {"/readyz?x=1&verbose=1", "ready\n[+] policy: 12 rules\n"},
                              {"/livez?verbose", "live\n"},
                              {"/metrics?name=up", "up 1\n"}}));
    DYNAMIC_SECTION(row.target) {
        const AdminServer server;
        const auto answer = server.get(row.target);
        CHECK(answer.status() == 200);
        CHECK(answer.body == row.body);
        CHECK(answer.field("Cache-Control") == "no-store");
        CHECK(answer.field("X-Content-Type-Options") == "nosniff");
    }
}

TEST_CASE("what is not literally on the list is not there (CVE-2025-24030)") {
    const auto* const target = GENERATE(values<const char*>({"/index.html",
                                                             "/api",
                                                             "/metrics/",
                                                             "//metrics",
                                                             "/metrics/../dump",
                                                             "/dump/../metrics",
                                                             "/./metrics",
                                                             "/Metrics",
                                                             "/metrics%00",
                                                             "/%6Detrics",
                                                             "/metrics;a",
                                                             "/metrics#a",
                                                             "/metric",
                                                             "/config_dump",
                                                             "/quitquitquit",
                                                             "/debug/pprof",
                                                             "/healthz/ready",
                                                             "/..",
                                                             "/*",
                                                             "*",
                                                             "http://127.0.0.1/metrics",
                                                             "/\\metrics"}));
    DYNAMIC_SECTION(target) {
        const AdminServer server;
        CHECK(server.get(target).status() == 404);
    }
}

TEST_CASE("only GET and HEAD, whatever the page") {
    const std::string method = GENERATE(values<std::string>(
        {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW", "PURGE", "get"}));
    DYNAMIC_SECTION(method) {
        const AdminServer server;
        const auto ask = [&](const std::string& target) {
            return Client(server.port())
                .ask(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        };
        const auto answer = ask("/metrics");
        CHECK(answer.status() == 405);
        CHECK(answer.field("Allow") == "GET, HEAD");
        CHECK(ask("/nowhere").status() == 404);
    }
}

TEST_CASE("HEAD is GET without the body") {
    const AdminServer server;
    Client client(server.port());
    client.send("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto answer = client.response(true);
    CHECK(answer.status() == 200);
    CHECK(answer.field("Content-Length") == "5");
    CHECK(client.ask("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n").body == "live\n");  // in step
}

TEST_CASE("metrics come in the type that Prometheus asks for") {
    const AdminServer server;
    CHECK(server.get("/metrics").field("Content-Type") ==
          "text/plain; version=0.0.4; charset=utf-8");
}

TEST_CASE("buildinfo is a JSON object with the version") {
    const AdminServer server;
    const auto answer = server.get("/buildinfo");
    CHECK(answer.field("Content-Type") == "application/json");
    CHECK(answer.body.find("\"version\":\"") != std::string::npos);
}
