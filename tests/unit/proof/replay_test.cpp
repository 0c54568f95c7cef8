#include "beta/proof/replay.hpp"

#include "sets.hpp"

#include <catch2/catch.hpp>

namespace beta::proof::test {
namespace {

using Catch::Contains;

std::string line(const std::string& direction, const std::string& source, const std::string& to,
                 const std::string& plane, const std::string& path, const std::string& decision) {
    return R"({"log":"access","http.request.method":"GET","url.path":")" + path +
           R"(","beta.direction":")" + direction + R"(","beta.source":")" + source +
           R"(","beta.destination":")" + to + R"(","beta.plane":")" + plane +
           R"(","beta.rule":"old","beta.decision":")" + decision +
           R"(","beta.enforced":true,"duration_ms":1.5})";
}

const std::string before =
    "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
    "  - {name: old, to: {plane: wallet}, paths: [/a, /b]}\n";
const std::string after =
    "apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
    "  - {name: new, to: {plane: wallet}, paths: [/b, /c]}\n";

struct Replayed {
    Policies old_ones = policies_of({before});
    Policies new_ones = policies_of({after});
    Names names;
    Replay replay{old_ones, new_ones, names, ""};
};

}  // namespace

TEST_CASE("a recorded decision that the new policy would make otherwise flips") {
    Replayed replayed;
    Replay& replay = replayed.replay;
    replay.add(line("egress", "cron", "bank", "wallet", "/a", "allow"));
    replay.add(line("egress", "cron", "bank", "wallet", "/a", "allow"));
    replay.add(line("egress", "cron", "bank", "wallet", "/b", "allow"));
    replay.add(line("egress", "cron", "bank", "wallet", "/c", "deny"));
    CHECK(replay.counts().flipped == 3);
    CHECK(replay.counts().same == 1);
    CHECK(replay.counts().strange == 0);
    const auto flips = replay.flips();
    REQUIRE(flips.size() == 2);
    CHECK(flips[0].lines == 2);
    CHECK(flips[0].passed);
    CHECK(flips[0].is == "default-deny");
    CHECK_THAT(to_text(replay),
               Contains("passed, denied now: 2 x ops/cron -> wallet/bank  GET /a") &&
                   Contains("denied, passes now: 1 x") &&
                   Contains("3 recorded decisions flip, 1 stay"));
}

TEST_CASE("a line that the old policy does not explain is counted") {
    Replayed replayed;
    replayed.replay.add(line("egress", "cron", "bank", "wallet", "/b", "deny"));
    CHECK(replayed.replay.counts().strange == 1);
    CHECK(replayed.replay.counts().flipped == 1);
}

TEST_CASE(
    "an ingress line is asked of the callee's file, without the service that it did not know") {
    const auto policies = policies_of(
        {"apiVersion: beta.acl/v1\nplane: wallet\nallow:\n"
         "  - {name: a, from: {plane: ops, services: [cron]}, to: {services: [bank]}}\n"});
    const Names names{.services = {{"bank", "wallet"}}, .external = {}};
    Replay replay(policies, policies, names, "");
    replay.add(line("ingress", "cron", "bank", "ops", "/x", "allow"));
    CHECK(replay.counts().same == 1);
    replay.add(line("ingress", "", "bank", "ops", "/x", "allow"));
    CHECK(replay.counts().flipped == 1);
}

TEST_CASE("what cannot be replayed is counted by its reason") {
    Replayed replayed;
    Replay& replay = replayed.replay;
    replay.add("not json");
    replay.add(line("egress", "cron", "bank", "wallet", "/aaa\u2026", "allow"));
    replay.add(R"({"beta.direction":"egress","error.type":"malformed"})");
    replay.add(line("ingress", "", "bank", "ops", "/a", "allow"));
    CHECK(replay.counts().unreadable == 2);
    CHECK(replay.counts().undecided == 1);
    CHECK(replay.counts().flipped + replay.counts().same + replay.counts().unplaced == 1);
}

TEST_CASE("a call outside and a tunnel are replayed as such") {
    const auto policies = policies_of(
        {"apiVersion: beta.acl/v1\nplane: ops\nallow:\n"
         "  - {name: t, from: {services: [cron]}, to: {external: [tron]}, tunnel: true}\n"});
    const Names names;
    Replay replay(policies, policies, names, "ops");
    replay.add(R"({"beta.direction":"egress","http.request.method":"CONNECT","beta.source":"cron",)"
               R"("beta.destination":"tron","beta.decision":"allow","url.path":"tron:443"})");
    CHECK(replay.counts().same == 1);
}

}  // namespace beta::proof::test
