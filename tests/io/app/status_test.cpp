// The page and /api/status of a whole sidecar.
#include "io/proxy/line.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <stdexcept>
#include <string>

using namespace beta;
using testing::get_ok;
using testing::Line;
using testing::RunningSidecar;
using testing::word;

namespace {

testing::Message get(RunningSidecar& sidecar, const std::string& target) {
    return testing::Client(sidecar.admin()).ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
}

boost::json::object status_of(RunningSidecar& sidecar) {
    return testing::parse_json(get(sidecar, "/api/status").body).as_object();
}

/// Once so many calls of the app are counted: the last of an answer is sent before it is.
boost::json::object status_after(RunningSidecar& sidecar, int calls) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
        auto status = status_of(sidecar);
        if (status.at("traffic").at(0).at("requests").as_int64() >= calls)
            return status;
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("too few calls are counted");
    }
}

const boost::json::object& named(const boost::json::object& status, const char* list,
                                 const char* key, const std::string& name) {
    for (const auto& item : status.at(list).as_array()) {
        if (word(item.as_object(), key) == name)
            return item.as_object();
    }
    throw std::runtime_error("no " + name + " in " + list);
}

}  // namespace

TEST_CASE("the status counts calls and denials, and shows the latest denials with their rule") {
    Line line;
    REQUIRE(line.client.ask(get_ok).status() == 200);
    REQUIRE(line.client
                .ask("GET /ok/never/%22%3Cb%3E?secret=1 HTTP/1.1\r\nHost: tron-payment\r\n"
                     "User-Agent: <i>\r\n\r\n")
                .status() == 403);
    REQUIRE(testing::Client(line.sidecar.egress())
                .ask("GET /other HTTP/1.1\r\nHost: blockchain-core\r\n\r\n")
                .status() == 403);
    const auto status = status_after(line.sidecar, 3);
    CHECK(word(status, "state") == "ready");
    CHECK(word(status.at("self").as_object(), "service") == "api-gateway");
    const auto& egress = named(status, "traffic", "direction", "egress");
    CHECK(egress.at("requests") == 3);
    CHECK(egress.at("denied") == 2);
    CHECK(status.at("denials").as_array().size() == 2);
    const auto& never = named(status, "denials", "rule", "never");
    CHECK(word(never, "reason") == "no one may, ever");
    CHECK(word(never, "path") == "/ok/never/%22%3Cb%3E");
    CHECK(word(never, "from") == "ops/api-gateway");
    CHECK(word(never, "to") == "wallet/tron-payment");
    CHECK(never.at("status") == 403);
    CHECK(word(named(status, "denials", "rule", "default-deny"), "reason") == "no rule allows it");
    const auto& called = named(status, "destinations", "name", "tron-payment");
    CHECK(called.at("calls") == 2);
    CHECK(called.at("denied") == 1);
    CHECK(called.at("usual_ms").as_int64() > 0);
    CHECK(word(called, "state") == "circuit open");
    CHECK(word(named(status, "destinations", "name", "tron-mainnet"), "state") == "not called yet");
    for (const auto* const target : {"/", "/api/status"}) {
        const auto body = get(line.sidecar, target).body;
        CHECK(body.find("secret") == body.npos);
        CHECK(body.find("<i>") == body.npos);
        CHECK(body.find(RunningSidecar::onion(1).substr(0, 16)) == body.npos);
    }
}

TEST_CASE("the planes are those of the policy in force, and follow a reload") {
    Line line;
    auto status = status_of(line.sidecar);
    CHECK(word(named(status, "planes", "plane", "chain"), "calls_us") == "limited");
    CHECK(word(named(status, "planes", "plane", "chain"), "calls_us_rules") == "in");
    CHECK(word(named(status, "planes", "plane", "wallet"), "calls_us") == "off");
    CHECK(word(named(status, "planes", "plane", "wallet"), "we_call") == "limited");
    line.sidecar.write_acl(
        "apiVersion: beta.acl/v1\nplane: ops\nallow:\n  - {name: all, to: "
        "{plane: wallet}}\n");
    REQUIRE(line.sidecar->reload());
    status = status_of(line.sidecar);
    CHECK(word(named(status, "planes", "plane", "wallet"), "we_call") == "allow");
    CHECK(word(named(status, "planes", "plane", "chain"), "calls_us") == "deny");
    line.sidecar.write_acl("nonsense");
    REQUIRE_FALSE(line.sidecar->reload());
    status = status_of(line.sidecar);
    CHECK(word(status, "state") == "degraded");
    CHECK(word(status.at("policy").as_object(), "last_reload") == "refused");
    CHECK(word(named(status, "planes", "plane", "wallet"), "we_call") == "allow");
}

TEST_CASE("a sidecar without a SOCKS port to reach says so in the headline") {
    RunningSidecar sidecar({});
    const auto status = status_of(sidecar);
    CHECK(word(status, "state") == "not ready");
    CHECK(get(sidecar, "/")
              .body.find("Not ready: tor: the SOCKS port (tor.socks) does not accept "
                         "connections") != std::string::npos);
}

TEST_CASE("page: false leaves neither page nor JSON, and the rest as it is") {
    RunningSidecar sidecar({.page = false});
    CHECK(get(sidecar, "/").status() == 404);
    CHECK(get(sidecar, "/api/status").status() == 404);
    CHECK(get(sidecar, "/livez").status() == 200);
}
