// Goal: whether the app is up is known without a request, by a connection or by an answer, and the
// sidecar is ready all the same.
// Method: a whole sidecar beside an app of the test; the admin endpoint is asked until it says so.

#include "support/client.hpp"
#include "support/eventually.hpp"
#include "support/fake_upstream.hpp"
#include "support/gate.hpp"
#include "support/running_sidecar.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

using namespace beta::testing;
using Catch::Contains;

namespace {

std::string page(const RunningSidecar& sidecar, const std::string& name) {
    return Client(sidecar.admin()).ask("GET " + name + " HTTP/1.1\r\nHost: a\r\n\r\n").raw;
}

void wait_for_metric(const RunningSidecar& sidecar, const std::string& value) {
    eventually([&] {
        return page(sidecar, "/metrics").contains("\nbeta_sidecar_app_up " + value + "\n");
    });
}

}  // namespace

TEST_CASE("an app that takes connections is up, and one that does not is down") {
    const FakeUpstream app{std::string("hello")};
    const RunningSidecar sidecar({.app_port = app.port(), .app_health = "every: 100ms"});
    wait_for_metric(sidecar, "1");
    CHECK_THAT(page(sidecar, "/readyz?verbose"), Contains("[+] app: up\n"));
    const RunningSidecar alone({.app_health = "every: 100ms"});  // nothing listens there
    wait_for_metric(alone, "0");
    CHECK_THAT(page(alone, "/readyz?verbose"), Contains("[-] app: down: it takes no connection\n"));
}

TEST_CASE("an app that is asked is up by its status, under the name of its service") {
    std::atomic<int> status{204};
    FakeUpstream app{FakeUpstream::Handler([&](const Message&) {
        return "HTTP/1.1 " + std::to_string(status) + " Words\r\nContent-Length: 0\r\n\r\n";
    })};
    const RunningSidecar sidecar(
        {.app_port = app.port(),
         .app_health = "every: 100ms, path: \"/healthz?deep=1\", failures: 2"});
    wait_for_metric(sidecar, "1");
    const auto asked = app.wait_for_requests(1).front();
    CHECK(asked.raw.starts_with("GET /healthz?deep=1 HTTP/1.1\r\n"));
    CHECK(asked.field("Host") == "api-gateway");
    CHECK(asked.field("User-Agent").starts_with("beta-sidecar/"));
    status = 503;
    wait_for_metric(sidecar, "0");
    CHECK_THAT(page(sidecar, "/readyz?verbose"), Contains("[-] app: down: it answers 503\n"));
    status = 302;
    wait_for_metric(sidecar, "1");
}

TEST_CASE("an app that takes the connection and says nothing is down") {
    Gate never;
    FakeUpstream app{std::vector<Script>{Script().read_request().pass(never).close()}};
    const RunningSidecar sidecar(
        {.app_port = app.port(), .app_health = "every: 100ms, timeout: 100ms, path: /healthz"});
    wait_for_metric(sidecar, "0");
    CHECK_THAT(page(sidecar, "/readyz?verbose"), Contains("down: it does not answer in time\n"));
    never.open();
}

TEST_CASE("an app that closes without an answer, or answers in another tongue, is down") {
    const auto [answer, words] = GENERATE(table<std::string, std::string>(
        {{"", "closes the connection without an answer"}, {"SSH-2.0-Server\r\n", "is no HTTP/1"}}));
    FakeUpstream app{std::vector<Script>{Script().read_request().send(answer).close()}};
    const RunningSidecar sidecar(
        {.app_port = app.port(), .app_health = "every: 100ms, path: /healthz"});
    wait_for_metric(sidecar, "0");
    CHECK_THAT(page(sidecar, "/readyz?verbose"), Contains(words));
}

TEST_CASE("without checks nothing is said of the app") {
    const RunningSidecar sidecar({});
    CHECK_FALSE(page(sidecar, "/metrics").contains("beta_sidecar_app_up"));
    CHECK_FALSE(page(sidecar, "/readyz?verbose").contains("app:"));
}
