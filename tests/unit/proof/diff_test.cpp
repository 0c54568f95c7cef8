#include "beta/proof/diff.hpp"

#include "brute_force.hpp"
#include "parsed.hpp"
#include "sets.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Catch::Contains;
using model::KnownBy;

std::string wallet(const std::string& lists) {
    return "apiVersion: beta.acl/v1\nplane: wallet\n" + lists;
}

Difference between(const std::string& before, const std::string& after) {
    return diff(policies_of({wallet(before)}), policies_of({wallet(after)}), {});
}

bool is_empty(const Difference& one) {
    return one.possible.empty() && one.impossible.empty();
}

/// Whether the call passes, where nothing does on a plane of the other set.
bool passes_now(const std::vector<NaiveFile>& files, const std::vector<NaiveFile>& others,
                const NaiveCall& call) {
    for (const std::string& plane : {call.from_plane, call.to_plane})
        if (file_of(files, plane) == nullptr && file_of(others, plane) != nullptr)
            return false;
    return passes(files, call, Asked::both);
}

/// Whether any call of the universe passes by one and not by the other; headers apart.
bool gains(const std::vector<NaiveFile>& files, const std::vector<NaiveFile>& others, Knows knows) {
    for (const NaiveCall& pair : every_pair(knows))
        for (const NaiveCall& ask : every_ask()) {
            if (ask.tunnel && !pair.to_plane.empty())
                continue;
            NaiveCall call = pair;
            call.method = ask.method;
            call.path = ask.path;
            call.tunnel = ask.tunnel;
            if (passes_now(files, others, call) && !passes_now(others, files, call))
                return true;
        }
    return false;
}

void check_examples(const std::vector<Change>& changes, const std::vector<NaiveFile>& with,
                    const std::vector<NaiveFile>& without, Knows knows) {
    for (const Change& change : changes)
        if (change.call.callee_knows_service != (knows == Knows::service) ||
            !passes_now(with, without, naive(change.call)) ||
            passes_now(without, with, naive(change.call)))
            FAIL("the example is none: " << change.call.method << ' ' << change.call.path << '\n'
                                         << all_yaml(with) << all_yaml(without));
}

}  // namespace

TEST_CASE("writing the same in other rules is no difference") {
    const std::string one = "allow:\n  - {name: a, methods: [GET, POST], paths: [/a/**]}\n";
    const std::string two =
        "deny:\n  - {name: x, from: {plane: chain}}\n"
        "allow:\n"
        "  - {name: b, methods: [POST], paths: [/a, /a/, /a/*/**]}\n"
        "  - {name: c, methods: [GET], paths: [/a/**]}\n";
    CHECK(is_empty(between(one, two)));
    CHECK_THAT(to_text(between(one, two)), Contains("no difference"));
}

TEST_CASE("what a new rule opens is named with callers, callees, methods and an example") {
    const auto found = between(
        "allow:\n  - {name: a, from: {plane: ops, services: [cron]},\n"
        "     to: {services: [bank]}, methods: [GET]}\n",
        "allow:\n  - {name: a, from: {plane: ops},\n"
        "     to: {services: [bank]}, methods: [GET, POST]}\n");
    CHECK(found.impossible.empty());
    REQUIRE(found.possible.size() == 2);
    const Change& cron = found.possible[0];
    CHECK(cron.from_services.names == std::vector<std::string>{"cron"});
    CHECK(cron.methods.names == std::vector<std::string>{"POST"});
    CHECK_FALSE(cron.methods.and_others);
    CHECK(found.possible[1].from_services.and_others);
    CHECK_THAT(to_text(found),
               Contains("cron of ops can send POST to bank of wallet") &&
                   Contains("any other service of ops can send GET, POST to bank of wallet") &&
                   Contains("denied by default-deny") && Contains("passes by a (0.yaml:4)"));
}

TEST_CASE("what a new deny closes is now impossible") {
    const auto found = between("allow:\n  - {name: a, paths: [/a/**]}\n",
                               "allow:\n  - {name: a, paths: [/a/**]}\n"
                               "deny:\n  - {name: no, paths: [/a/b/**]}\n");
    CHECK(found.possible.empty());
    REQUIRE(found.impossible.size() == 1);
    CHECK(found.impossible.front().call.path == "/a/b");
    CHECK_THAT(to_text(found), Contains("could send") && Contains("denied by no"));
    CHECK_THAT(to_json(found), Contains("\"possible\":[],\"impossible\":[{\"call\":"));
}

TEST_CASE("a deny that goes from enforcing to reporting opens what it denied") {
    const std::string allow = "allow:\n  - {name: a}\ndeny:\n  - {name: no, paths: [/x]";
    const auto found = between(allow + "}\n", allow + ", mode: report}\n");
    REQUIRE(found.possible.size() == 1);
    CHECK(found.possible.front().call.path == "/x");
}

TEST_CASE("naming the caller's service closes ingress only where callees know it") {
    const auto named = policies_of(
        {wallet("allow:\n  - {name: a, from: {plane: ops, services: [cron]}, methods: [GET]}\n")});
    const auto plane =
        policies_of({wallet("allow:\n  - {name: a, from: {plane: ops}, methods: [GET]}\n")});
    const auto certain = diff(plane, named, {}, KnownBy::certificate);
    CHECK(certain.possible.empty());
    REQUIRE(certain.impossible.size() == 1);
    CHECK(certain.impossible.front().call.from_service != "cron");
    CHECK(certain.impossible.front().call.callee_knows_service);
    const auto weaker = diff(plane, named, {}, KnownBy::listener);
    CHECK(weaker.possible.empty());
    REQUIRE_FALSE(weaker.impossible.empty());
    CHECK_THAT(to_text(weaker),
               Contains("any other service of ops could send GET to any other service of wallet") &&
                   Contains("the callee knows the caller's plane alone"));
}

TEST_CASE("a plane that loses its file loses its calls") {
    const auto policies = policies_of({wallet("allow:\n  - {name: a}\n")});
    const auto ops = policies_of({"apiVersion: beta.acl/v1\nplane: ops\n"});
    const auto found = diff(policies, ops, {});
    CHECK(found.possible.empty());
    CHECK_FALSE(found.impossible.empty());
}

TEST_CASE("differences of random policies are those that trying every call finds") {
    const auto knows = GENERATE(Knows::service, Knows::plane);
    Dice dice(77);
    int different = 0;
    for (int round = 0; round < 60; ++round) {
        const auto before = random_set(dice);
        auto after = before;
        NaiveFile& changed = after[dice.below(after.size())];
        changed = random_file(dice, changed.plane);
        const auto found = diff(parsed(before), parsed(after), {}, known_by(knows));
        REQUIRE(found.complete);
        check_examples(found.possible, after, before, knows);
        check_examples(found.impossible, before, after, knows);
        if (gains(after, before, knows) && found.possible.empty())
            FAIL("nothing is said to become possible\n" << all_yaml(before) << all_yaml(after));
        if (gains(before, after, knows) && found.impossible.empty())
            FAIL("nothing is said to become impossible\n" << all_yaml(before) << all_yaml(after));
        different += is_empty(found) ? 0 : 1;
    }
    CHECK(different > 20);
}

}  // namespace beta::proof::test
