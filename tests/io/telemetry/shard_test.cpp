#include "beta/telemetry/shard.hpp"

#include "sample.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>
#include <string>
#include <vector>

using namespace beta;
using namespace beta::telemetry;
using namespace std::chrono_literals;
using testing::denied_record;
using testing::rejected_record;
using testing::sample_record;

namespace {

std::set<std::string> request_lines(const Shard& shard) {
    std::set<std::string> lines;
    shard.for_each_request([&](const Shard::RequestSeries& s, std::uint64_t count) {
        std::string line(s.direction == acl::Direction::egress ? "egress" : "ingress");
        for (const auto part : {s.source, s.destination, s.plane, s.method, s.code, s.verdict})
            line.append(" ").append(part);
        lines.insert(line + " " + std::to_string(count));
    });
    return lines;
}

std::set<std::string> violation_lines(const Shard& shard) {
    std::set<std::string> lines;
    shard.for_each_violation([&](const Shard::ViolationSeries& s, std::uint64_t count) {
        std::string line(s.direction == acl::Direction::egress ? "egress" : "ingress");
        for (const auto part : {s.source, s.destination, s.plane, s.rule})
            line.append(" ").append(part);
        lines.insert(line + (s.enforced ? " enforced " : " reported ") + std::to_string(count));
    });
    return lines;
}

std::uint64_t all_requests(const Shard& shard) {
    std::uint64_t sum = 0;
    shard.for_each_request([&](const auto&, std::uint64_t count) { sum += count; });
    return sum;
}

}  // namespace

TEST_CASE("requests are counted by who, whom, how and what came of it") {
    Shard shard;
    shard.request(sample_record());
    shard.request(sample_record());
    shard.request(denied_record());
    shard.request(rejected_record());
    CHECK(request_lines(shard) == std::set<std::string>{
                                      "egress api-gateway tron-payment wallet POST 201 allow 2",
                                      "ingress _unknown tron-payment chain POST 403 deny 1",
                                      "ingress _unknown _unknown ops _OTHER 400 none 1",
                                  });
}

TEST_CASE("an external host has no plane and says so") {
    Shard shard;
    auto record = sample_record();
    record.destination = "tron-mainnet";
    record.destination_plane = {};
    shard.request(record);
    CHECK(request_lines(shard) ==
          std::set<std::string>{"egress api-gateway tron-mainnet _external POST 201 allow 1"});
}

TEST_CASE("a denial counts by its rule, and tells whether it was enforced") {
    Shard shard;
    shard.request(denied_record());
    auto reported = denied_record();
    reported.enforced = false;
    shard.request(reported);
    shard.request(reported);
    shard.request(sample_record());
    CHECK(violation_lines(shard) ==
          std::set<std::string>{"ingress _unknown tron-payment chain chain-stays-out enforced 1",
                                "ingress _unknown tron-payment chain chain-stays-out reported 2"});
    using acl::Direction;
    using acl::Verdict;
    CHECK(shard.decisions(Direction::ingress, Verdict::deny, true) == 1);
    CHECK(shard.decisions(Direction::ingress, Verdict::deny, false) == 2);
    CHECK(shard.decisions(Direction::egress, Verdict::allow, true) == 1);
    CHECK(shard.decisions(Direction::egress, Verdict::deny, true) == 0);
}

TEST_CASE("what was refused before a decision is a reject, and no decision") {
    Shard shard;
    shard.request(rejected_record());
    shard.reject(model::Failure::malformed);
    shard.reject(model::Failure::draining);
    CHECK(shard.rejects(model::Failure::malformed) == 2);
    CHECK(shard.rejects(model::Failure::draining) == 1);
    CHECK(shard.rejects(model::Failure::denied) == 0);
    CHECK(shard.decisions(acl::Direction::ingress, acl::Verdict::deny, true) == 0);
    CHECK(violation_lines(shard).empty());
}

TEST_CASE("durations are kept by direction and destination") {
    Shard shard;
    shard.request(sample_record());
    shard.request(denied_record());
    std::vector<std::string> seen;
    shard.for_each_duration([&](auto direction, std::string_view destination, const auto& timing) {
        seen.push_back((direction == acl::Direction::egress ? "egress " : "ingress ") +
                       std::string(destination));
        CHECK(timing.count() == 1);
        CHECK(timing.sum() == 12'345us);
    });
    CHECK(seen == std::vector<std::string>{"egress tron-payment", "ingress tron-payment"});
}

TEST_CASE("a histogram's bounds are inclusive and its last bucket takes the rest") {
    Histogram histogram;
    histogram.observe(0ns);
    histogram.observe(1ms);
    histogram.observe(1ms + 1ns);
    histogram.observe(120s);
    histogram.observe(120s + 1ns);
    histogram.observe(10h);
    CHECK(histogram.in_bucket(0) == 2);
    CHECK(histogram.in_bucket(1) == 1);
    CHECK(histogram.in_bucket(Histogram::bounds.size() - 1) == 1);
    CHECK(histogram.in_bucket(Histogram::bounds.size()) == 2);
    CHECK(histogram.count() == 6);
    CHECK(histogram.sum() == 2ms + 240s + 10h + 2ns);
}

TEST_CASE("gauges and small counters are what they were told") {
    Shard shard;
    shard.connection(Listener::egress, +1);
    shard.connection(Listener::egress, +1);
    shard.connection(Listener::egress, -1);
    shard.connection(Listener::ingress, +1);
    shard.pool(3, 4);
    shard.pool(5, 6);
    shard.tor_connect(TorResult::ok, 2s);
    shard.tor_connect(TorResult::desc_not_found, 30s);
    shard.retry("stale_stream");
    shard.retry("stale_stream");
    CHECK(shard.connections(Listener::egress) == 1);
    CHECK(shard.connections(Listener::ingress) == 1);
    CHECK(shard.pool_idle() == 5);
    CHECK(shard.pool_busy() == 6);
    CHECK(shard.tor_connects(TorResult::ok) == 1);
    CHECK(shard.tor_connects(TorResult::desc_not_found) == 1);
    CHECK(shard.tor_connect_duration().sum() == 32s);
    shard.for_each_retry([](std::string_view reason, std::uint64_t count) {
        CHECK(reason == "stale_stream");
        CHECK(count == 2);
    });
}

TEST_CASE("a million random methods, paths, agents and codes leave the series where they were") {
    Shard shard;
    shard.request(sample_record());
    auto record = sample_record();
    std::mt19937 random(99);  // NOLINT: the same bytes every time
    std::string junk(24, '\0');
    const auto request = [&](std::uint16_t status) {
        for (std::size_t k = 0; k < 8; ++k)
            junk[k] = static_cast<char>(random());
        record.method = std::string_view(junk).substr(0, 4);
        record.path = record.user_agent = record.request_id = junk;
        record.status = status;
        shard.request(record);
    };
    for (std::uint32_t status = 0; status <= 65535; ++status)
        request(static_cast<std::uint16_t>(status));
    const auto series = shard.series();
    for (int i = 0; i < 1'000'000; ++i)
        request(static_cast<std::uint16_t>(random()));
    CHECK(shard.series() == series);
    CHECK(series < 80);  // one destination, one other method, at most seventy codes
    CHECK(all_requests(shard) == 1 + 65'536 + 1'000'000);
}

TEST_CASE("even a configuration of absurd size has its bound") {
    Shard shard;
    auto record = denied_record();
    std::string name;
    std::string rule;
    for (int i = 0; i < 200'000; ++i) {
        name = "service-" + std::to_string(i);
        rule = "rule-" + std::to_string(i);
        record.destination = name;
        record.rule = rule;
        shard.request(record);
    }
    CHECK(shard.series() <= 105'000);
    CHECK(all_requests(shard) == 200'000);
}

TEST_CASE("shards that met their names in different order merge by name") {
    Shard a;
    Shard b;
    auto first = sample_record();
    auto second = sample_record();
    second.destination = "ledger";
    second.method = "GET";
    a.request(first);
    a.request(second);
    b.request(denied_record());
    b.request(second);
    b.request(first);
    b.request(first);
    a.retry("stale_stream");
    b.retry("something_else");
    b.retry("stale_stream");
    b.tor_connect(TorResult::ok, 1s);
    a.connection(Listener::egress, 2);
    b.connection(Listener::egress, 3);
    a.pool(1, 2);
    b.pool(10, 20);
    b.reject(model::Failure::loop);

    Shard all;
    all.merge(a);
    all.merge(b);
    CHECK(request_lines(all) == std::set<std::string>{
                                    "egress api-gateway tron-payment wallet POST 201 allow 3",
                                    "egress api-gateway ledger wallet GET 201 allow 2",
                                    "ingress _unknown tron-payment chain POST 403 deny 1",
                                });
    CHECK(violation_lines(all) ==
          std::set<std::string>{"ingress _unknown tron-payment chain chain-stays-out enforced 1"});
    std::set<std::string> retries;
    all.for_each_retry([&](std::string_view reason, std::uint64_t count) {
        retries.insert(std::string(reason) + " " + std::to_string(count));
    });
    CHECK(retries == std::set<std::string>{"stale_stream 2", "something_else 1"});
    std::uint64_t timed = 0;
    all.for_each_duration([&](auto, auto, const auto& timing) { timed += timing.count(); });
    CHECK(timed == 6);
    CHECK(all.tor_connects(TorResult::ok) == 1);
    CHECK(all.connections(Listener::egress) == 5);
    CHECK(all.pool_idle() == 11);
    CHECK(all.pool_busy() == 22);
    CHECK(all.rejects(model::Failure::loop) == 1);
}
