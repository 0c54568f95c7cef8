#include "beta/app/lane.hpp"

#include "beta/app/loaded.hpp"
#include "beta/net/listener.hpp"
#include "beta/proxy/sides.hpp"

#include "support/client.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/null_sink.h>

using namespace beta;
using testing::Client;

namespace {

config::Config configuration(const testing::Files& files) {
    files.write("acl.yaml", "apiVersion: beta.acl/v1\nplane: wallet\n");
    files.write("services.yaml", "apiVersion: beta.directory/v1\nservices: {}\n");
    return config::parse(
               "service: tron-payment\nplane: wallet\napp: 127.0.0.1:1\nacl: acl.yaml\n"
               "services: services.yaml\nidentity: listener\nadmin: { address: off }\n"
               "egress: { address: off }\ningress: [{ plane: ops, address: '127.0.0.1:0' }]\n",
               (files.root() / "sidecar.yaml").string(), {})
        .value();
}

/// The listener of tron-payment for callers of ops, who are known by it alone.
struct Scene {
    Scene() {
        const auto loaded = app::load(config);
        REQUIRE(loaded);
        lane = std::make_unique<app::Lane>(config, isolation, *loaded, limiter,
                                           app::Writers{log, events, app_log});
        auto socket = net::bind_listener(config.ingress.front().address, false);
        REQUIRE(socket);
        const auto bound = net::bound_address(*socket);
        port = static_cast<std::uint16_t>(std::stoul(bound.substr(bound.rfind(':') + 1)));
        lane->add(std::move(*socket), side);
        lane->start();
    }
    int ask(const std::string& path) const {
        return Client(port).ask("GET " + path + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status();
    }

    testing::Files files;
    config::Config config = configuration(files);
    tor::Isolation isolation;
    acl::Limiter limiter;
    telemetry::LogWriter log{std::make_shared<spdlog::sinks::null_sink_mt>(), {}};
    telemetry::EventLog events{log, config::LogLevel::error};
    telemetry::AppLog app_log{log, 1000};
    proxy::IngressSide side{model::ServiceName::parse("tron-payment").value(),
                            model::PlaneName::parse("wallet").value(),
                            model::PlaneName::parse("ops").value(), upstream::own_app, false};
    std::unique_ptr<app::Lane> lane;
    std::uint16_t port = 0;
};

}  // namespace

TEST_CASE("the path that only this process knows is answered before any policy") {
    const Scene scene;
    CHECK(scene.ask(scene.isolation.self_path()) == 204);
    CHECK(scene.ask(tor::Isolation().self_path()) == 403);
    CHECK(scene.ask(scene.isolation.self_path() + "0") == 403);
}

TEST_CASE("a caller counts once, and when it has said something") {
    const Scene scene;
    {
        const Client silent(scene.port);
    }
    Client client(scene.port);
    for (int i = 0; i < 2; ++i)
        CHECK(client.ask("GET /ok HTTP/1.1\r\nHost: tron-payment\r\n\r\n").status() == 403);
    CHECK(scene.side.arrivals() == 1);
    CHECK(scene.ask("/ok") == 403);
    CHECK(scene.side.arrivals() == 2);
}
