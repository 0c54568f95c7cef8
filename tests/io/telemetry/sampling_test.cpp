#include "beta/telemetry/sampling.hpp"

#include "sample.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace beta;
using namespace beta::telemetry;
using testing::denied_record;
using testing::limited_record;
using testing::rejected_record;
using testing::sample_record;

namespace {

config::Share share(std::string_view text) {
    return config::Share::parse(text).value();
}

/// Of ten thousand such requests, those that have a line, by number.
std::vector<int> taken(const Sampling& sampling, Record record) {
    std::vector<int> out;
    for (int i = 0; i < 10'000; ++i) {
        const auto id = "request-" + std::to_string(i);
        record.request_id = id;
        if (sampling.takes(record))
            out.push_back(i);
    }
    return out;
}

std::size_t count(const config::Log& log, const Record& record) {
    return taken(Sampling(log), record).size();
}

Record failed_record() {
    auto record = sample_record();
    record.failure = model::Failure::upstream_timeout;
    record.status = 504;
    return record;
}

}  // namespace

TEST_CASE("every request has a line while every share is whole") {
    const config::Log log;
    for (const auto& record : {sample_record(), denied_record(), failed_record()}) {
        CHECK(count(log, record) == 10'000);
        CHECK(Sampling(log).takes(record)->is_all());
    }
}

TEST_CASE("a share of those that went well leaves every denial and every failure") {
    const config::Log log{.sample = {.ok = share("1%")}};
    const auto lines = count(log, sample_record());
    CHECK(lines > 50);
    CHECK(lines < 200);
    for (auto record : {denied_record(), limited_record(), rejected_record(), failed_record()})
        CHECK(count(log, record) == 10'000);
    auto record = sample_record();
    record.status = 500;  // by the app
    CHECK(count(log, record) == 10'000);
    record.status = 404;
    CHECK(count(log, record) == lines);
}

TEST_CASE("denials, and what was refused before the policy was asked, have a share of their own") {
    const config::Log log{.sample = {.denied = share("0%")}};
    for (auto record : {denied_record(), limited_record(), rejected_record()})
        CHECK(count(log, record) == 0);
    auto reported = denied_record();
    reported.enforced = false;
    reported.failure = model::Failure::none;
    CHECK(count(log, reported) == 0);
    CHECK(count(log, sample_record()) == 10'000);
    CHECK(count(log, failed_record()) == 10'000);
}

TEST_CASE("failures have a share of their own") {
    const config::Log log{.sample = {.failed = share("0%")}};
    CHECK(count(log, failed_record()) == 0);
    CHECK(count(log, denied_record()) == 10'000);
    CHECK(count(log, sample_record()) == 10'000);
}

TEST_CASE("a rule's share stands in place of the others, but not for what failed") {
    const config::Log log{.sample = {.ok = share("0%"),
                                     .rules = {{.name = "other", .share = share("50%")},
                                               {.name = "gateway-pays", .share = share("100%")},
                                               {.name = "chain-stays-out", .share = share("0%")}}}};
    CHECK(count(log, sample_record()) == 10'000);
    CHECK(count(log, denied_record()) == 0);
    CHECK(count(log, failed_record()) == 10'000);
    auto record = sample_record();
    record.rule = "unnamed";
    CHECK(count(log, record) == 0);
}

TEST_CASE("both ends of a call take the same, and the smaller share no other than the larger") {
    const config::Log log{.sample = {.ok = share("10%")}};
    const config::Log wider{.sample = {.ok = share("30%")}};
    const auto at_egress = taken(Sampling(log), sample_record());
    auto arrived = sample_record();
    std::vector<int> at_ingress;
    std::vector<int> at_wider;
    for (int i = 0; i < 10'000; ++i) {
        const auto theirs = "request-" + std::to_string(i);
        arrived.request_id = "minted anew";
        arrived.caller_id = theirs;
        if (Sampling(log).takes(arrived))
            at_ingress.push_back(i);
        if (Sampling(wider).takes(arrived))
            at_wider.push_back(i);
    }
    CHECK(at_ingress == at_egress);
    CHECK(at_wider.size() > at_egress.size());
    CHECK(std::ranges::includes(at_wider, at_egress));
}

TEST_CASE("without the access log, only what was refused is taken, by its share") {
    config::Log log{.access = false};
    CHECK(count(log, sample_record()) == 0);
    CHECK(count(log, failed_record()) == 0);
    CHECK(count(log, denied_record()) == 10'000);
    log.sample.denied = share("0%");
    CHECK(count(log, denied_record()) == 0);
}

TEST_CASE("what was answered without a decision is no refusal") {
    auto record = sample_record();  // as beta.internal answers
    record.decided = false;
    CHECK(count({.access = false}, record) == 0);
    CHECK(count({.sample = {.ok = share("0%")}}, record) == 0);
    CHECK(count({.sample = {.denied = share("0%")}}, record) == 10'000);
}

TEST_CASE("ids that differ little are drawn far apart") {
    std::size_t low = 0;
    for (int i = 0; i < 10'000; ++i)
        low += draw_of(std::to_string(i)) < 1u << 31 ? 1 : 0;
    CHECK(low > 4'500);
    CHECK(low < 5'500);
    CHECK(draw_of("") == draw_of(""));
    CHECK(draw_of("a") != draw_of("b"));
}
