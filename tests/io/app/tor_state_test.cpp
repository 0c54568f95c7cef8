// What tor says of itself, in readiness and metrics of a whole sidecar.
#include "support/client.hpp"
#include "support/fake_control.hpp"
#include "support/fake_tor.hpp"
#include "support/running_sidecar.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <optional>
#include <string>

using namespace beta;
using namespace std::chrono_literals;
using testing::FakeControl;
using testing::FakeTor;
using testing::RunningSidecar;

namespace {

std::string ask(RunningSidecar& sidecar, const std::string& path) {
    return testing::Client(sidecar.admin())
        .ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n")
        .body;
}

/// Until the page says so; polls, since nobody tells when a page would say something else.
bool says(RunningSidecar& sidecar, const std::string& path, const std::string& text) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    for (;;) {
        const auto page = ask(sidecar, path);
        if (page.find(text) != page.npos)
            return true;
        INFO(page);
        if (std::chrono::steady_clock::now() > deadline)
            FAIL("not in time: " + text);
    }
}

}  // namespace

TEST_CASE("a sidecar is ready when its tor says so, and no longer when it does not") {
    FakeTor socks;
    FakeControl control({});
    control.set_info("status/bootstrap-phase",
                     "NOTICE BOOTSTRAP PROGRESS=45 TAG=x SUMMARY=\"Loading descriptors\"");
    RunningSidecar sidecar({.socks_port = socks.port(), .control_port = control.port()});
    CHECK(says(sidecar, "/readyz", "[-] tor: starting (bootstrap 45 %: Loading descriptors)"));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_bootstrap_ratio 0.45\n"));
    control.say(
        "650 STATUS_CLIENT NOTICE BOOTSTRAP PROGRESS=100 TAG=done SUMMARY=\"Done\"\r\n"
        "650 CIRC 1 BUILT $A\r\n650 HS_DESC UPLOADED x UNKNOWN $A\r\n");
    CHECK(says(sidecar, "/readyz?verbose", "[+] tor: ready\n"));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_bootstrap_ratio 1\n"));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_control_connected 1\n"));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_circuits_total{event=\"built\"} 1\n"));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_hs_desc_total{event=\"uploaded\"} 1\n"));
    control.say("650 STATUS_CLIENT WARN CIRCUIT_NOT_ESTABLISHED REASON=CLOCK_JUMPED\r\n");
    CHECK(says(sidecar, "/readyz", "[-] tor: degraded: tor has no circuit: CLOCK_JUMPED"));
    control.say("650 STATUS_CLIENT NOTICE CIRCUIT_ESTABLISHED\r\n");
    CHECK(says(sidecar, "/readyz?verbose", "[+] tor: ready\n"));
}

TEST_CASE("a sidecar whose control port is gone is not ready, and says why") {
    FakeTor socks;
    std::optional<FakeControl> control(std::in_place, FakeControl::Tor{});
    const auto port = control->port();
    RunningSidecar sidecar({.socks_port = socks.port(), .control_port = port});
    CHECK(says(sidecar, "/readyz?verbose", "[+] tor: ready\n"));
    control.reset();
    CHECK(says(sidecar, "/readyz", "[-] tor: degraded: "));
    CHECK(says(sidecar, "/metrics", "\nbeta_sidecar_tor_control_connected 0\n"));
    control.emplace(FakeControl::Tor{}, port);
    CHECK(says(sidecar, "/readyz?verbose", "[+] tor: ready\n"));
}

TEST_CASE("without a control port nothing is told of tor but its SOCKS port") {
    FakeTor socks;
    RunningSidecar sidecar({.socks_port = socks.port()});
    CHECK(says(sidecar, "/readyz?verbose", "[+] tor: the SOCKS port accepts connections\n"));
    CHECK(ask(sidecar, "/metrics").find("beta_sidecar_tor_bootstrap_ratio") == std::string::npos);
}
