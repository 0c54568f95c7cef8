#include "command_line.hpp"
#include "io/admin/admin_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <string>

using namespace beta;
using Catch::Contains;
using testing::AdminServer;
using testing::beta_sidecar;
using testing::Deployment;
using testing::plain_hooks;

namespace {

admin::Hooks not_ready() {
    auto hooks = plain_hooks();
    hooks.ready = [] {
        return admin::Readiness{.ready = false, .checks = {{"tor", false, "nobody there"}}};
    };
    return hooks;
}

/// Ready when asked the third time.
admin::Hooks ready_later(std::atomic<int>& asked) {
    auto hooks = plain_hooks();
    hooks.ready = [&asked] { return admin::Readiness{.ready = ++asked >= 3, .checks = {}}; };
    return hooks;
}

std::string free_address() {
    const testing::Listener listener;
    return "127.0.0.1:" + std::to_string(listener.port());
}

}  // namespace

TEST_CASE("healthcheck is 0 for a sidecar that is ready") {
    const AdminServer server;
    const auto outcome = beta_sidecar({"healthcheck", "--admin", server.endpoint().str()});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "ready\n[+] policy: 12 rules\n");
}

TEST_CASE("healthcheck is 69 with the reason for one that is not ready, and 0 for its life") {
    const AdminServer server(not_ready());
    const auto admin = server.endpoint().str();
    const auto outcome = beta_sidecar({"healthcheck", "--ready", "--admin", admin});
    CHECK(outcome.code == 69);
    CHECK(outcome.err == "not ready\n[-] tor: nobody there\n");
    CHECK(outcome.out.empty());
    CHECK(beta_sidecar({"healthcheck", "--live", "--admin", admin}).code == 0);
}

TEST_CASE("healthcheck is 69 where nobody listens") {
    const auto outcome = beta_sidecar({"healthcheck", "--admin", free_address()});
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.err, Contains("Connection refused"));
}

TEST_CASE("healthcheck finds the address in the configuration") {
    const AdminServer server;
    const Deployment files;
    files.write("sidecar.yaml",
                "service: api-gateway\nplane: ops\nacl: ops.yaml\nservices: "
                "services.yaml\nidentity: listener\n"
                "admin: { address: '" +
                    server.endpoint().str() + "' }\n");
    CHECK(beta_sidecar({"healthcheck", "-c", files.config_path()}).code == 0);
    CHECK(beta_sidecar({"wait", "--ready", "-c", files.config_path()}).code == 0);
}

TEST_CASE("a configuration without an admin endpoint, or a wrong one, is 78") {
    const Deployment files;
    const std::string text =
        GENERATE(values<std::string>({"service: api-gateway\nplane: ops\nacl: a\nservices: s\n"
                                      "admin: { address: off }\n",
                                      "service: [\n"}));
    files.write("sidecar.yaml", text);
    const auto outcome = beta_sidecar({"healthcheck", "-c", files.config_path()});
    CHECK(outcome.code == 78);
    CHECK_FALSE(outcome.err.empty());
}

TEST_CASE("an address or a time that is none is 64") {
    CHECK(beta_sidecar({"healthcheck", "--admin", "localhost:9090"}).code == 64);
    CHECK(beta_sidecar({"healthcheck", "--admin", "127.0.0.1"}).code == 64);
    for (const auto* time : {"", "60", "fast", "-1s", "0s", "25h"}) {
        const auto outcome = beta_sidecar({"wait", "--timeout", time, "--admin", "127.0.0.1:1"});
        INFO(time);
        CHECK(outcome.code == 64);
        CHECK_THAT(outcome.err, Contains("--timeout"));
    }
}

TEST_CASE("wait asks until the sidecar is ready") {
    std::atomic<int> asked{0};
    const AdminServer server(ready_later(asked));
    const auto outcome =
        beta_sidecar({"wait", "--ready", "--timeout", "30s", "--admin", server.endpoint().str()});
    CHECK(outcome.code == 0);
    CHECK(outcome.out == "ready\n");
    CHECK(asked == 3);
}

TEST_CASE("wait gives up with the last answer") {
    const AdminServer server(not_ready());
    const auto outcome =
        beta_sidecar({"wait", "--timeout", "150ms", "--admin", server.endpoint().str()});
    CHECK(outcome.code == 69);
    CHECK(outcome.err == "not within 150ms: not ready\n[-] tor: nobody there\n");
}

TEST_CASE("wait gives up where nobody listens") {
    const auto outcome = beta_sidecar({"wait", "--timeout", "120ms", "--admin", free_address()});
    CHECK(outcome.code == 69);
    CHECK_THAT(outcome.err, Contains("Connection refused"));
}
