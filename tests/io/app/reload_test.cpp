// Goal: policy and directory are swapped whole between two requests; nothing is lost, and nothing
// but a good file is ever in force.
// Method: swap while requests are held, while clients ask without pause, and with broken files.

#include "io/proxy/line.hpp"
#include "support/eventually.hpp"
#include "support/gate.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace beta::testing;

namespace {

std::string allowing(const std::string& rule, const std::string& path) {
    return "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - name: " + rule +
           "\n    to: { plane: \"*\" }\n    paths: [" + path + "]\n";
}

struct Swapped {
    FakeUpstream upstream;
    FakeTor tor;
    RunningSidecar sidecar;

    explicit Swapped(std::vector<Script> scripts, unsigned workers = 1)
        : upstream(std::move(scripts)), sidecar(setup(workers)) {
        route();
    }
    explicit Swapped(unsigned workers = 1) : sidecar(setup(workers)) { route(); }

    std::string admin(const std::string& page) const {
        return Client(sidecar.admin()).ask("GET " + page + " HTTP/1.1\r\nHost: a\r\n\r\n").body;
    }

  private:
    SidecarSetup setup(unsigned workers) const {
        return {.socks_port = tor.port(), .acl = allowing("first", "/ok"), .workers = workers};
    }
    void route() {
        tor.route(RunningSidecar::onion(1), 80, upstream.port());
        tor.route(RunningSidecar::onion(3), 80, upstream.port());
    }
};

/// How often files were reloaded so far: on request, and by the sidecar itself, which sees that
/// they have changed.
unsigned reloads(const std::string& metrics, const std::string& result) {
    const std::string mark = "policy_reloads_total{result=\"" + result + "\"} ";
    return static_cast<unsigned>(std::stoul(metrics.substr(metrics.find(mark) + mark.size())));
}

std::string digest_in(const std::string& metrics) {
    const std::string mark = "beta_sidecar_policy_info{digest=\"";
    return metrics.substr(metrics.find(mark) + mark.size(), 64);
}

}  // namespace

TEST_CASE("a request ends under the policy it began with, and the next one has the new policy") {
    Gate gate;
    Swapped line({Script().read_request().pass(gate).send(ok("late")).read_to_end()});
    Client held(line.sidecar.egress());
    held.send(get_ok);
    gate.wait_for_arrivals(1);
    line.sidecar.write_acl(allowing("second", "/other"));
    REQUIRE(line.sidecar->reload());
    CHECK(Client(line.sidecar.egress()).ask(get_ok).status() == 403);
    gate.open();
    CHECK(held.response().body == "late");
    CHECK(held.ask(get_ok).status() == 403);  // the same connection, the next request
}

TEST_CASE("swaps under load lose no request and answer each by one policy or the other") {
    Swapped line(2);
    std::atomic<bool> done{false};
    std::atomic<int> asked{0};
    std::atomic<int> odd{0};
    std::vector<std::jthread> clients;
    clients.reserve(4);
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&] {
            Client client(line.sidecar.egress());
            while (!done) {
                // Both policies allow it; the others are broken and never in force.
                if (client.ask(get_ok).status() != 200)
                    ++odd;
                ++asked;
            }
        });
    for (int swap = 0; swap < 60; ++swap) {
        const bool broken = swap % 3 == 2;
        line.sidecar.write_acl(broken ? "plane: [" : allowing("r" + std::to_string(swap), "/**"));
        REQUIRE(line.sidecar->reload() != broken);
    }
    while (asked < 200)
        std::this_thread::yield();
    done = true;
    clients.clear();
    CHECK(odd == 0);
    CHECK(line.upstream.errors().empty());
}

TEST_CASE("a file that does not load keeps the last good one and is counted (CVE-2026-31837)") {
    Swapped line;
    const auto before = digest_in(line.admin("/metrics"));
    const auto bad = GENERATE(values<std::string>({"", "apiVersion: beta.acl/v1\nplane: wallet\n",
                                                   "apiVersion: beta.acl/v1\nplane: ops\n"
                                                   "alow: []\n"}));
    line.sidecar.write_acl(bad);
    CHECK_FALSE(line.sidecar->reload());
    CHECK(Client(line.sidecar.egress()).ask(get_ok).status() == 200);
    const auto metrics = line.admin("/metrics");
    CHECK(digest_in(metrics) == before);
    CHECK(reloads(metrics, "failed") >= 1);
    CHECK(line.admin("/readyz?verbose").find(before) != std::string::npos);

    line.sidecar.write_acl(allowing("again", "/ok"));
    CHECK(line.sidecar->reload());
    const auto after = digest_in(line.admin("/metrics"));
    CHECK(after != before);
    CHECK(line.admin("/readyz?verbose").find(after) != std::string::npos);
    CHECK(reloads(line.admin("/metrics"), "ok") >= 1);
}

TEST_CASE("a stream that dies after the directory changed is replaced by one to the same service") {
    Swapped line({Script().read_request().send(ok("first")).read_to_end(),
                  Script().read_request().send(ok("again")).read_to_end()});
    Client client(line.sidecar.egress());
    REQUIRE(client.ask(get_ok).status() == 200);
    // The entry comes second now: the number that it had is another service's.
    line.sidecar.write_services(
        "apiVersion: beta.directory/v1\nservices:\n"
        "  audit-log: { plane: ops, onion: " +
        RunningSidecar::onion(4) + ", port: 80 }\n  tron-payment: { plane: wallet, onion: " +
        RunningSidecar::onion(1) + ", port: 80 }\n");
    REQUIRE(line.sidecar->reload());
    line.tor.cut_streams();
    line.tor.wait_for_ended(1);
    CHECK(client.ask(get_ok).body == "again");
    for (const auto& seen : line.tor.wait_for_requests(2))
        CHECK(seen.domain == RunningSidecar::onion(1));
}

TEST_CASE("a service whose onion changes is asked at the new one from the next request on") {
    Swapped line;
    Client client(line.sidecar.egress());
    REQUIRE(client.ask(get_ok).status() == 200);
    line.sidecar.write_services(
        "apiVersion: beta.directory/v1\nservices:\n  tron-payment: { plane: wallet, onion: " +
        RunningSidecar::onion(3) + ", port: 80 }\n");
    REQUIRE(line.sidecar->reload());
    REQUIRE(client.ask(get_ok).status() == 200);
    const auto seen = line.tor.wait_for_requests(2);
    CHECK(seen[1].domain == RunningSidecar::onion(3));
    CHECK(client.ask("GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n").status() == 403);
}

TEST_CASE("a file that changes is in force by itself, unless it is broken, until it is repaired") {
    Swapped line;
    Client client(line.sidecar.egress());
    const auto answers = [&](const std::string& path) {
        return client.ask("GET " + path + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status();
    };
    REQUIRE(answers("/ok") == 200);
    line.sidecar.write_acl(allowing("second", "/other"));
    eventually([&] { return answers("/ok") == 403; });
    CHECK(answers("/other") == 200);

    line.sidecar.write_acl("plane: [");
    eventually([&] { return reloads(line.admin("/metrics"), "failed") == 1; });
    CHECK(answers("/ok") == 403);
    CHECK(answers("/other") == 200);

    line.sidecar.write_acl(allowing("third", "/ok"));
    eventually([&] { return answers("/ok") == 200; });
    CHECK(answers("/other") == 403);
    eventually([&] { return reloads(line.admin("/metrics"), "ok") == 2; });
    CHECK(reloads(line.admin("/metrics"), "failed") == 1);
}

TEST_CASE("a directory that changes is in force by itself") {
    Swapped line;
    Client client(line.sidecar.egress());
    line.sidecar.write_services(
        "apiVersion: beta.directory/v1\nservices:\n  tron-payment: { plane: wallet, onion: " +
        RunningSidecar::onion(3) + ", port: 80 }\n");
    eventually([&] {
        REQUIRE(client.ask(get_ok).status() == 200);
        return line.tor.wait_for_requests(1).back().domain == RunningSidecar::onion(3);
    });
}
