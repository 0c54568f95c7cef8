#include "beta/acl/reach.hpp"

#include "policies.hpp"

namespace beta::acl::test {
namespace {

Reach seen(const std::string& rules, const Neighbour& neighbour) {
    const auto policy = Policy::parse("apiVersion: beta.acl/v1\nplane: wallet\n" + rules, "f");
    REQUIRE(policy);
    return reach((*policy)->file(), neighbour);
}

const Neighbour calls_chain{.direction = Direction::egress, .plane = "chain", .service = "pay"};
const Neighbour calls_outside{.direction = Direction::egress, .plane = "", .service = "pay"};
const Neighbour called_by_ops{.direction = Direction::ingress, .plane = "ops", .service = "pay"};

}  // namespace

TEST_CASE("a plane that no rule names is closed by default") {
    const auto none = seen("allow: [{name: a, from: {plane: chain}}]\n", called_by_ops);
    CHECK(none.opening == Opening::closed);
    CHECK(none.rules.empty());
}

TEST_CASE("an allow without conditions opens a plane, and one with any condition a part of it") {
    struct Row {
        const char* rest;
        Opening opening;
    };
    const auto row = GENERATE(values<Row>({
        {"", Opening::open},
        {", to: {services: [pay]}", Opening::open},
        {", to: {services: [other]}", Opening::closed},
        {", methods: [GET]", Opening::limited},
        {", paths: [/a]", Opening::limited},
        {", when: {headers: {x-a: [b]}}", Opening::limited},
        {", limit: {rate: 1/s, burst: 1, per: rule}", Opening::limited},
        {", mode: report", Opening::closed},
    }));
    DYNAMIC_SECTION(row.rest) {
        const auto found = seen(
            "allow: [{name: a, from: {plane: ops}" + std::string(row.rest) + "}]\n", called_by_ops);
        CHECK(found.opening == row.opening);
        CHECK(found.rules.empty() == (row.opening == Opening::closed));
    }
}

TEST_CASE("of one caller alone, what is about others opens and closes nothing") {
    auto till = called_by_ops;
    till.peer = "till";
    auto cron = called_by_ops;
    cron.peer = "cron";
    const auto* const named = "allow: [{name: a, from: {plane: ops, services: [till]}}]\n";
    CHECK(seen(named, till).opening == Opening::open);
    CHECK(seen(named, cron).opening == Opening::closed);
    const auto denied = std::string("allow: [{name: a, from: {plane: ops}}]\n") +
                        "deny: [{name: d, from: {plane: ops, services: [till]}}]\n";
    CHECK(seen(denied, till).opening == Opening::closed);
    CHECK(seen(denied, cron).opening == Opening::open);
    cron.known_by = model::KnownBy::listener;  // then nobody knows that it is not the other
    CHECK(seen(denied, cron).opening == Opening::closed);
}

TEST_CASE("a caller's name counts where certificates prove it, and never where only planes do") {
    const auto* const rules = "allow: [{name: a, from: {plane: ops, services: [till]}}]\n";
    auto neighbour = called_by_ops;
    CHECK(seen(rules, neighbour).opening == Opening::limited);
    neighbour.known_by = model::KnownBy::listener;
    CHECK(seen(rules, neighbour).opening == Opening::closed);
    const auto denied = std::string("allow: [{name: a, from: {plane: ops}}]\n") +
                        "deny: [{name: d, from: {plane: ops, services: [till]}}]\n";
    CHECK(seen(denied, neighbour).opening == Opening::closed);
    CHECK(seen(denied, called_by_ops).opening == Opening::limited);
}

TEST_CASE("a whole deny closes what an allow opens, and says which it is; a part of one limits") {
    const std::string allow = "allow: [{name: a, to: {plane: chain}}]\n";
    CHECK(seen(allow, calls_chain).opening == Opening::open);
    const auto closed = seen(allow + "deny: [{name: d, to: {plane: chain}}]\n", calls_chain);
    CHECK(closed.opening == Opening::closed);
    CHECK(closed.rules == std::vector<std::string>{"d"});
    CHECK(seen(allow + "deny: [{name: d, to: {plane: chain}, methods: [PUT]}]\n", calls_chain)
              .opening == Opening::limited);
    CHECK(seen(allow + "deny: [{name: d, to: {plane: chain}, mode: report}]\n", calls_chain)
              .opening == Opening::open);
    CHECK(seen(allow + "deny: [{name: d, from: {services: [other]}, to: {plane: chain}}]\n",
               calls_chain)
              .opening == Opening::open);
}

TEST_CASE("hosts outside are reached by rules that name them, and closed by a deny of everything") {
    const std::string allow = "allow: [{name: a, to: {external: [tron]}, tunnel: true}]\n";
    CHECK(seen(allow, calls_outside).opening == Opening::limited);
    CHECK(seen("allow: [{name: a, to: {plane: \"*\"}}]\n", calls_outside).opening ==
          Opening::closed);
    CHECK(seen(allow + "deny: [{name: d, to: {plane: \"*\"}}]\n", calls_outside).opening ==
          Opening::closed);
    CHECK(seen(allow, calls_chain).opening == Opening::closed);
}

TEST_CASE("asked about one service or host, rules for others say nothing and rules for it all") {
    auto chain = calls_chain;
    auto outside = calls_outside;
    const std::string allow = "allow: [{name: a, to: {plane: chain, services: [core]}}]\n";
    const std::string host = "allow: [{name: a, to: {external: [tron]}}]\n";
    CHECK(seen(allow, chain).opening == Opening::limited);
    CHECK(seen(host, outside).opening == Opening::limited);
    chain.peer = "core";
    outside.peer = "tron";
    CHECK(seen(allow, chain).opening == Opening::open);
    CHECK(seen(host, outside).opening == Opening::open);
    const auto denied = allow + "deny: [{name: d, to: {plane: chain, services: [core]}}]\n";
    CHECK(seen(denied, chain).opening == Opening::closed);
    chain.peer = "other";
    outside.peer = "other";
    CHECK(seen(allow, chain).opening == Opening::closed);
    CHECK(seen(host, outside).opening == Opening::closed);
}

TEST_CASE("a file that only reports leaves everything open") {
    CHECK(seen("mode: report\ndeny: [{name: d}]\n", called_by_ops).opening == Opening::open);
}

}  // namespace beta::acl::test
