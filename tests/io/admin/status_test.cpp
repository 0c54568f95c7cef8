// The JSON of /api/status.
#include "some_status.hpp"
#include "support/json.hpp"

#include <boost/json/array.hpp>
#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

using namespace beta;
using namespace std::chrono_literals;
using testing::parse_json;
using testing::serving;
using testing::some_status;
using testing::word;

namespace {

boost::json::object told(const admin::Status& status, bool answered = true) {
    const auto server = serving(status, answered);
    const auto answer = server.get("/api/status");
    CHECK(answer.status() == 200);
    CHECK(answer.field("Content-Type") == "application/json");
    return parse_json(answer.body).as_object();
}

const boost::json::object& first(const boost::json::object& status, std::string_view list) {
    return status.at({list.data(), list.size()}).as_array().at(0).as_object();
}

void gather_names(const boost::json::value& value, std::set<std::string>& names) {
    if (const auto* const object = value.if_object()) {
        for (const auto& [name, inner] : *object) {
            names.emplace(name.data(), name.size());
            gather_names(inner, names);
        }
    } else if (const auto* const list = value.if_array()) {
        for (const auto& inner : *list)
            gather_names(inner, names);
    }
}

}  // namespace

TEST_CASE("the status tells who, state, planes, denials, destinations, tor and certificate") {
    const auto status = told(some_status());
    CHECK(word(status, "time") == "2023-11-14T22:13:20Z");
    CHECK(word(status, "state") == "ready");
    CHECK(word(status, "sentence") == "Ready");
    CHECK(word(status.at("self").as_object(), "service") == "api-gateway");
    CHECK(word(status.at("self").as_object(), "up") == "1 d 2 h");
    CHECK(status.at("tor").as_object().at("circuits") == 7);
    CHECK(status.at("certificate").as_object().at("days_left") == 10);
    CHECK(word(status.at("certificate").as_object(), "state") == "fine");
    const auto& planes = status.at("planes").as_array();
    REQUIRE(planes.size() == 3);
    CHECK(word(planes[0].as_object(), "calls_us") == "off");
    CHECK(word(planes[0].as_object(), "we_call_rules") == "default-deny");
    CHECK(word(planes[1].as_object(), "calls_us") == "allow");
    CHECK(word(planes[1].as_object(), "we_call") == "limited");
    CHECK(word(planes[1].as_object(), "we_call_rules") == "out, o2");
    CHECK(word(planes[2].as_object(), "plane") == "outside");
    CHECK(word(planes[2].as_object(), "we_call") == "deny");
    const auto& denial = first(status, "denials");
    CHECK(word(denial, "from") == "ops/api-gateway");
    CHECK(word(denial, "to") == "wallet/tron-payment");
    CHECK(word(denial, "effect") == "denied");
    CHECK(word(denial, "rule") == "never");
    CHECK(word(denial, "reason") == "no one may, ever");
    const auto& destination = first(status, "destinations");
    CHECK(destination.at("usual_ms") == 120);
    CHECK(destination.at("slowest_ms") == 900);
    CHECK(word(destination, "state") == "circuit open");
}

TEST_CASE("a destination that no connect reaches is said to be left alone") {
    auto status = some_status();
    status.destinations.front().left_alone = true;
    CHECK(word(first(told(status), "destinations"), "state") == "left alone");
}

TEST_CASE("every name of the status is in docs/status.md") {
    std::ifstream file(std::string(BETA_SOURCE_DIR) + "/docs/status.md");
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto whole = some_status();
    whole.readiness.checks[1].ok = whole.readiness.ready = false;
    whole.policy.last_failed = true;
    std::set<std::string> names;
    gather_names(told(whole), names);
    CHECK(names.size() > 50);
    for (const auto& name : names) {
        INFO(name);
        CHECK(text.find('`' + name + '`') != text.npos);
    }
}

TEST_CASE("the state is one word, a sentence, and reasons when there are several") {
    auto status = some_status();
    status.certificate->ends_soon = true;
    CHECK(word(told(status), "state") == "degraded");
    CHECK(word(told(status), "sentence") == "Degraded: our certificate ends in 10 days");
    status.policy.last_failed = true;
    auto said = told(status);
    CHECK(word(said, "sentence") == "Degraded: 2 things are wrong");
    CHECK(said.at("reasons").as_array().size() == 2);
    status.readiness = {.ready = false, .checks = {{"tor", false, "no SOCKS port"}}};
    said = told(status);
    CHECK(word(said, "state") == "not ready");
    CHECK(said.at("reasons").as_array().size() == 3);
    CHECK(word(first(said, "reasons"), "text") == "tor: no SOCKS port");
    status.draining = true;
    CHECK(word(told(status), "state") == "draining");
}

TEST_CASE("a certificate that has ended has no days left") {
    auto status = some_status();
    status.certificate->until = status.now - 1s;
    const auto said = told(status).at("certificate").as_object();
    CHECK(word(said, "state") == "expired");
    CHECK(said.at("days_left") == 0);
    status.certificate.reset();
    CHECK(word(told(status).at("certificate").as_object(), "state") == "none");
}

TEST_CASE("a worker that does not answer is said, with what is known without it") {
    const auto status = told(some_status(), false);
    CHECK(word(status, "state") == "degraded");
    CHECK(word(status, "sentence") == "Degraded: a worker did not bring its numbers in time");
    CHECK(first(status, "traffic").at("requests").is_null());
}

TEST_CASE("of too much the status shows the most telling part, and counts the rest") {
    auto status = some_status();
    const std::string flood(5'000, '\x1b');  // six bytes each in JSON
    for (int i = 0; i < 5'000; ++i) {
        auto denial = status.denials.front();
        denial.what.time += std::chrono::seconds(i);
        denial.what.path = denial.what.rule = denial.what.method = denial.reason = flood;
        denial.what.source = denial.what.destination = flood;
        status.denials.push_back(denial);
        status.destinations.push_back({.name = flood + std::to_string(i),
                                       .plane = flood,
                                       .usual = {},
                                       .slowest = {},
                                       .calls = static_cast<std::uint64_t>(i)});
        status.planes.push_back({flood, acl::Reach{acl::Opening::limited, {flood}}, {}});
        status.listeners.push_back({flood, flood});
        status.readiness.checks.push_back({flood, true, flood});
    }
    const auto server = serving(status);
    CHECK(server.get("/").body.size() < 1'000'000);
    const auto answer = server.get("/api/status");
    CHECK(answer.body.size() < 1'000'000);
    const auto said = parse_json(answer.body).as_object();
    CHECK(said.at("denials").as_array().size() == 50);
    CHECK(word(first(said, "denials"), "time") == "2023-11-14T23:36:34Z");  // the latest
    CHECK(word(first(said, "destinations"), "name") == "tron-payment");     // the one that fails
    CHECK(said.at("destinations").as_array().size() == 100);
    CHECK(said.at("destinations_left_out") == 4'901);
    CHECK(said.at("planes_left_out") == 4'991);
}
