// Goal: a sidecar knows whether its own onions lead to it, and neither traffic nor readiness feel
// it. Method: a sidecar behind a fake tor that leads to it, elsewhere or nowhere.
#include "beta/app/self_probe.hpp"

#include "io/tls/pair.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>

#include <atomic>
#include <set>
#include <thread>

using namespace beta;
using namespace std::chrono_literals;
using Catch::Contains;
using testing::Client;
using testing::FakeTor;
using testing::FakeUpstream;
using testing::RunningSidecar;
using testing::SidecarSetup;
using testing::TlsFiles;

namespace {

template <class Wanted>
void wait(Wanted wanted) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (!wanted()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(20ms);
    }
}

/// blockchain-core of chain, with one onion for callers of ops.
struct Scene {
    Scene() { files.install("callee", files.chain.issue("chain", "blockchain-core")); }

    void start() {
        sidecar = std::make_unique<RunningSidecar>(SidecarSetup{
            .socks_port = tor.port(),
            .app_port = app.port(),
            .tor = ", probe: 1s",
            .acl = testing::only_the_gateway("chain"),
            .identity = files.lines("callee"),
            .service = "blockchain-core",
            .plane = "chain",
            .caller = "ops",
            .services = "apiVersion: beta.directory/v1\nservices:\n  blockchain-core: { plane: "
                        "chain, onions: { ops: " +
                        RunningSidecar::onion(2) + " }, port: 81 }\n"});
    }
    std::string page(const std::string& path) const {
        return Client(sidecar->admin()).ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").body;
    }
    void wait_for(const std::string& sample) const {
        wait([&] { return page("/metrics").contains("\n" + sample + "\n"); });
    }

    TlsFiles files;
    FakeTor tor;
    FakeUpstream app;
    std::unique_ptr<RunningSidecar> sidecar;
};

const std::string success = "beta_sidecar_probe_success{plane=\"ops\"} ";

}  // namespace

TEST_CASE("an onion that leads to this service is told as reached, each time by a fresh circuit") {
    Scene scene;
    scene.start();
    scene.tor.route(RunningSidecar::onion(2), 81, scene.sidecar->ingress());
    scene.wait_for(success + "1");
    CHECK_THAT(scene.page("/metrics"),
               Contains("beta_sidecar_probe_duration_seconds{plane=\"ops\"} "));
    CHECK_THAT(scene.page("/readyz?verbose"), Contains("probe:ops: reached in "));
    std::set<std::string> circuits;
    const auto calls = scene.tor.wait_for_requests(2);
    for (const auto& call : calls)
        circuits.insert(call.user + call.password);
    CHECK(circuits.size() == calls.size());
    CHECK(scene.app.requests().empty());
    const std::string handshakes =
        "beta_sidecar_tls_handshakes_total{direction=\"ingress\",result=";
    wait([&] { return scene.page("/metrics").contains(handshakes + "\"self\"} "); });
    CHECK_THAT(scene.page("/metrics"), !Contains(handshakes + "\"untrusted\""));
}

TEST_CASE("without certificates, or where its own plane calls, only this very process answers") {
    FakeTor tor;
    const FakeUpstream app;
    const auto setup = [&](bool probes) {
        return SidecarSetup{.socks_port = tor.port(),
                            .app_port = app.port(),
                            .tor = probes ? ", probe: 1s" : "",
                            .caller = "chain",
                            .services =
                                "apiVersion: beta.directory/v1\nservices:\n  api-gateway: "
                                "{ plane: ops, onions: { chain: " +
                                RunningSidecar::onion(2) + " }, port: 81 }\n"};
    };
    const RunningSidecar sidecar(setup(true));
    const auto tells = [&](const std::string& sample) {
        const auto page = Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
        return page.body.contains("\nbeta_sidecar_probe_success{plane=\"chain\"} " + sample + "\n");
    };
    tor.route(RunningSidecar::onion(2), 81, sidecar.ingress());
    wait([&] { return tells("1"); });
    const RunningSidecar twin(setup(false));
    tor.route(RunningSidecar::onion(2), 81, twin.ingress());
    wait([&] { return tells("0"); });
    CHECK(app.requests().empty());
    CHECK_THAT(Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body,
               !Contains("beta_sidecar_requests_total{direction=\"ingress\""));
}

TEST_CASE("an onion that leads nowhere is told, and the sidecar stays ready") {
    Scene scene;
    scene.start();
    scene.wait_for(success + "0");
    const auto ready = scene.page("/readyz?verbose");
    CHECK_THAT(ready, Contains("[+] probe:ops: degraded: not reached "));
    CHECK_THAT(scene.page("/metrics"),
               !Contains("beta_sidecar_tor_connects_total{result=\"desc_not_found\"} 1"));
}

TEST_CASE("another service behind the onion is not us") {
    Scene scene;
    scene.files.install("other", scene.files.chain.issue("chain", "other-service"));
    const RunningSidecar other(SidecarSetup{.acl = testing::only_the_gateway("chain"),
                                            .identity = scene.files.lines("other"),
                                            .service = "other-service",
                                            .plane = "chain",
                                            .caller = "ops",
                                            .services = "apiVersion: beta.directory/v1\n"
                                                        "services: {}\n"});
    scene.tor.route(RunningSidecar::onion(2), 81, other.ingress());
    scene.start();
    scene.wait_for(success + "0");
    CHECK_THAT(scene.page("/readyz?verbose"), Contains("degraded: ") && Contains("certificate"));
}

TEST_CASE("an onion that stays without a descriptor is to be published again, once") {
    const FakeTor tor;
    const auto onion = model::OnionAddress::parse(RunningSidecar::onion(2)).value();
    const tor::Isolation isolation;
    telemetry::LogWriter writer{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog events{writer, config::LogLevel::error};
    std::atomic<int> healed = 0;
    std::atomic<bool> is_right = true;
    app::SelfTarget target{
        .plane = "ops",
        .onion = onion,
        .route = {.dial = model::Endpoint::parse("127.0.0.1:" + std::to_string(tor.port())).value(),
                  .domain = onion.disclose(),
                  .port = 80,
                  .plane = "chain",
                  .service = "blockchain-core",
                  .name = "blockchain-core",
                  .user = {},
                  .password = {},
                  .tls = {}}};
    app::SelfProbe probe(100ms, {std::move(target)}, isolation,
                         {.heal =
                              [&](const auto& which) {
                                  is_right = which == onion;
                                  ++healed;
                                  return true;
                              },
                          .callers = [](const auto&) { return 0; }},
                         events);
    probe.start();
    wait([&] { return healed > 0; });
    CHECK(tor.requests().size() >= 3);
    (void)tor.wait_for_requests(8);  // and not again so soon
    probe.stop();
    CHECK(healed == 1);
    CHECK(is_right);
    telemetry::Facts facts;
    probe.shown().facts(facts);
    REQUIRE(facts.probes.size() == 1);
    CHECK(facts.probes.front().healed == 1);
}
