// Goal: the second copy of a request goes by a TLS connection of its own, to none but the callee.
// Method: two whole sidecars with certificates; the callee's app answers when the test says so.

#include "io/tls/pair.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <thread>

using namespace beta::testing;
using namespace std::chrono_literals;

namespace {

const std::string hedged = "upstream: { hedge: 50ms, hedge_budget: 100 }\n";
const std::string get = "GET /ok HTTP/1.1\r\nHost: blockchain-core\r\n\r\n";

std::uint64_t hedges(const Pair& pair, const std::string& result) {
    return Pair::metric(*pair.caller, "beta_sidecar_hedges_total{result=\"" + result + "\"}");
}

}  // namespace

TEST_CASE(
    "a second copy over TLS has a circuit and a handshake of its own, and its answer counts") {
    Gate gate;
    Pair pair({.caller_extra = hedged},
              {Script().read_request().pass(gate).send(ok("first")).read_to_end(),
               Script().read_request().send(ok("second")).read_to_end()});
    Client client(pair.caller->egress());
    CHECK(client.ask(get).body == "second");
    const auto asked = pair.app.wait_for_requests(2);
    CHECK(asked[0].start_line() == asked[1].start_line());
    CHECK(asked[1].field("X-Beta-Source-Service") == "api-gateway");
    const auto seen = pair.tor.wait_for_requests(2);
    CHECK(seen[0].user != seen[1].user);
    for (const auto& request : seen)
        CHECK_THAT(request.early, Catch::StartsWith("\x16\x03"));
    CHECK(pair.handshakes(*pair.caller, "egress", "full") +
              pair.handshakes(*pair.caller, "egress", "resumed") ==
          2);
    CHECK(hedges(pair, "won") == 1);
    gate.open();
}

TEST_CASE(
    "a second copy never goes to one who is not the callee, and the first one's answer counts") {
    Gate gate;
    Pair pair({.caller_extra = hedged}, {Script()
                                             .read_request()
                                             .send(ok("warm"))
                                             .read_request()
                                             .pass(gate)
                                             .send(ok("first"))
                                             .read_to_end()});
    FakeUpstream impostor({Script().read_to_end(), Script().read_to_end(), Script().read_to_end()});
    Client client(pair.caller->egress());
    // A stream is open now: what is not safe has no second copy.
    CHECK(client.ask("POST /ok HTTP/1.1\r\nHost: blockchain-core\r\nContent-Length: 0\r\n\r\n")
              .body == "warm");
    pair.tor.route(RunningSidecar::onion(2), 81, impostor.port());
    client.send(get);
    gate.wait_for_arrivals(1);
    impostor.wait_for_accepted(1);
    gate.open();
    CHECK(client.response().body == "first");
    impostor.wait_for_ended(1);
    CHECK_THAT(impostor.received(0), Catch::StartsWith("\x16\x03"));  // RFC 8446 §5.1
    CHECK_THAT(impostor.received(0), !Catch::Contains("GET"));
    CHECK(hedges(pair, "won") == 0);
    CHECK(pair.app.requests().size() == 2);
}
