// Goal: nothing but a name of the directory is ever said to tor, nothing but this service's own
// name reaches its app. Method: field/http-safety.md, chapter "Tor" (what is asked for; what tor
// answers stands in tests/io/proxy/tor_failures_test.cpp), plain and in absolute form, from both
// doors.

#include "io/attacks/attack.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace beta::testing;

namespace {

std::string upper(std::string text) {
    for (char& c : text)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    return text;
}

/// What it is, and the name.
std::vector<std::pair<std::string, std::string>> names() {
    const auto onion = RunningSidecar::onion(1);
    auto damaged = onion;
    damaged[5] = damaged[5] == 'a' ? 'b' : 'a';
    return {
        {"an IPv4 address", "127.0.0.1"},
        {"an address as one decimal number", "2130706433"},
        {"an address as one octal number", "017700000001"},
        {"an address in octal parts", "0177.0.0.1"},
        {"an address in hex", "0x7f000001"},
        {"a short address", "127.1"},
        {"an address of all interfaces", "0.0.0.0"},
        {"an address of link-local metadata", "169.254.169.254"},
        {"localhost", "localhost"},
        {"a name under localhost", "tron-payment.localhost"},
        {"a .local name", "printer.local"},
        {"a .internal name", "metadata.google.internal"},
        {"a punycode look-alike", "xn--tron-pyment-66a"},
        {"a name of the internet", "example.com"},
        {"the name with a suffix", "tron-payment.example.com"},
        {"the name with a prefix", "x.tron-payment"},
        {"the name of another plane", "tron-payment.ops"},
        {"a pattern", "tron-"},
        {"the onion address itself", onion},
        {"the onion address in upper case", upper(onion)},
        {"the onion address with a dot", onion + "."},
        {"a name under the onion address", "www." + onion},
        {"an onion address in front of another name", onion + ".evil.com"},
        {"an onion address with a wrong checksum", damaged},
        {"an onion address too short", onion.substr(1)},
        {"an onion address too long", "a" + onion},
        {"an onion address of version 2", "expyuzz4wqqyqhjn.onion"},
        {"onion alone", "onion"},
    };
}

std::string plain(const std::string& name) {
    return "GET /ok HTTP/1.1\r\nHost: " + name + "\r\n\r\n";
}

std::string absolute(const std::string& name) {
    return "GET http://" + name + "/ok HTTP/1.1\r\nHost: " + name + "\r\n\r\n";
}

}  // namespace

TEST_CASE("what is no name of the directory is denied before SOCKS, in both forms") {
    for (const auto& [about, name] : names()) {
        DYNAMIC_SECTION(about) {
            Line line;
            for (const auto& request : {plain(name), absolute(name)}) {
                const auto answer = line.client.ask(request);
                CHECK(answer.status() == 403);
                CHECK(answer.field("Proxy-Status").starts_with("beta; error=http_request_denied;"));
            }
            CHECK(line.tor.accepted() == 0);
        }
    }
}

TEST_CASE("what is not the service behind the onion came to the wrong door, in both forms") {
    for (const auto& [about, name] : names()) {
        DYNAMIC_SECTION(about) {
            const FakeUpstream app;
            const RunningSidecar sidecar({.app_port = app.port()});
            Client client(sidecar.ingress());
            for (const auto& request : {plain(name), absolute(name)}) {
                const auto answer = client.ask(request);
                CHECK(answer.status() == 421);
                CHECK(answer.field("Proxy-Status") == "beta; error=http_request_error");
            }
            CHECK(app.accepted() == 0);
        }
    }
}

TEST_CASE("the onion address reaches neither the other service nor an answer") {
    Line line;
    CHECK(line.client.ask(get_ok).status() == 200);
    line.client.ask(plain(RunningSidecar::onion(1)));
    const auto label = RunningSidecar::onion(1).substr(0, 56);
    CHECK(line.upstream.requests()[0].raw.find(label) == std::string::npos);
    CHECK(line.client.received().find(label) == std::string::npos);
}

TEST_CASE(
    "no request of traffic adds a series: labels are of the configuration (GHSA-42mr-jpwh-m9rv)") {
    Line line;
    const auto series = [&] {
        Client scraper(line.sidecar.admin());
        const auto page =
            scraper.ask("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        std::size_t count = 0;
        for (std::size_t at = 0; (at = page.body.find("\nbeta_sidecar_", at)) != page.body.npos;
             ++at)
            ++count;
        return count;
    };
    const auto ask = [&](int i) {
        const auto n = std::to_string(i * 7919);
        CHECK(line.client.ask("M" + n + " /p" + n + " HTTP/1.1\r\nHost: tron-payment\r\n\r\n")
                  .status() == 403);
        CHECK(line.client.ask(plain("host-" + n)).status() == 403);
    };
    ask(0);
    const auto before = series();
    REQUIRE(before > 10);
    for (int i = 1; i < 1000; ++i)
        ask(i);
    CHECK(series() == before);
}
