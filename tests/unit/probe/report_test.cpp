#include "beta/probe/report.hpp"

#include <catch2/catch.hpp>

using namespace beta;
using Catch::Contains;
using Catch::StartsWith;
using model::Failure;
using probe::Report;
using probe::Step;
using probe::Verdict;

namespace {

Report begun() {
    Report report("tron-payment");
    report.passed(Step::name);
    report.passed(Step::acl, "allowed");
    return report;
}

}  // namespace

TEST_CASE("a failed connect says that the steps before it passed") {
    auto report = begun();
    report.connect_failed(Failure::introduction_failed, false, "");
    const auto text = report.to_text();
    CHECK_THAT(text, StartsWith("name          ok\nacl           ok: allowed\ntor           ok\n"
                                "descriptor    ok\nintroduction  FAILED: "));
    CHECK_THAT(text, Contains("; see that the service's tor still runs"));
    CHECK_THAT(text, !Contains("rendezvous"));
    CHECK(report.verdict() == Verdict::unavailable);
}

TEST_CASE("what SOCKS said more exactly takes the place of the failure's sentence") {
    auto report = begun();
    report.connect_failed(Failure::tor_unreachable, false, "an HTTP server answers");
    CHECK_THAT(report.to_text(),
               Contains("tor           FAILED: an HTTP server answers; start tor"));
}

TEST_CASE("the word of a handshake stands behind the failure's sentence") {
    auto report = begun();
    report.connected("");
    report.connect_failed(Failure::peer_untrusted, true, "other_service");
    CHECK_THAT(report.to_text(), Contains("port          ok\ntls           FAILED: "));
    CHECK_THAT(report.to_text(), Contains(": other_service; compare"));
}

TEST_CASE("to a host outside there are no steps of onions") {
    auto report = begun();
    report.leads_outside();
    SECTION("reached") {
        report.connected("a stream");
        CHECK(report.lines().size() == 4);
        CHECK(report.verdict() == Verdict::passes);
    }
    SECTION("not reached in time") {
        report.connect_failed(Failure::connect_timeout, false, "");
        CHECK(report.lines().size() == 4);
    }
    CHECK(report.lines().back().step == Step::port);
}

TEST_CASE("a machine reads one object") {
    Report report("no\"body");
    report.failed(Step::name, "no such name", Verdict::unknown_name);
    CHECK(report.to_json() == R"({"destination":"no\"body","verdict":"unknown_name","steps":[)"
                              R"({"step":"name","ok":false,"words":"no such name"}]})");
}
