#include "beta/telemetry/render.hpp"

#include "sample.hpp"
#include "support/files.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

using namespace beta;
using namespace beta::telemetry;
using namespace std::chrono_literals;

namespace {

/// One of everything, so that every family is exported.
std::string full_text() {
    std::vector<Shard> shards(2);
    shards[0].request(testing::sample_record());
    shards[1].request(testing::sample_record());
    shards[1].request(testing::denied_record());
    shards[1].request(testing::rejected_record());
    shards[1].request(testing::limited_record());
    shards[0].tor_connect(TorResult::ok, 700ms);
    shards[0].retry("stale_stream");
    shards[0].connection(Listener::egress, 3);
    shards[1].handshake(acl::Direction::ingress, "full");
    shards[0].circuits("blockchain-core", 2);
    shards[0].circuits("tron-payment", 0);
    shards[1].circuits("tron-payment", 3);
    shards[0].circuits("blockchain-core", 1);
    shards[0].breaker("blockchain-core", BreakerState::closed);
    shards[1].breaker("tron-payment", BreakerState::open);
    shards[0].breaker("tron-payment", BreakerState::half_open);
    shards[0].circuit_renewed(Renewal::stalled);
    shards[1].hedge(HedgeResult::won);
    shards[1].pool(4, 5);
    auto facts = Facts::now();
    facts.onions.push_back({.plane = "ops",
                            .is_published = true,
                            .descriptor_age_seconds = 3.0,
                            .introductions = 3.0});
    facts.probes.push_back({.plane = "ops", .succeeds = true, .seconds = 0.8, .healed = 1});
    facts.policy_digest = "abc123";
    facts.directory_digest = "def456";
    facts.certificate_until = 1.9e9;
    facts.log_dropped = 9;
    facts.spans = beta::telemetry::SpanFacts{.sent = 21, .dropped = 22, .refused = 23};
    facts.app_up = true;
    facts.sandbox = {{"files", true}, {"ports", false}};
    facts.audit = beta::telemetry::AuditFacts{.is_written = true, .records = 11, .dropped = 12};
    facts.reloads_ok = 2;
    facts.reloads_failed = 1;
    facts.last_reload_ok = false;
    facts.tor = {.connected = true,
                 .bootstrap_ratio = 0.45,
                 .circuits = {{"built", 3}, {"failed", 1}},
                 .descriptors = {{"uploaded", 2}}};
    facts.container = {.memory_usage_bytes = 10,
                       .memory_limit_bytes = 20,
                       .cpu_usage_seconds = 1.5,
                       .cpu_periods = 40,
                       .cpu_throttled_periods = 3,
                       .cpu_throttled_seconds = 0.25,
                       .uptime_seconds = 60.0};
    return render(shards, facts);
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// What stands between `begin` and each next `end`: cut("a=1,b=2,", "=", ",") is {"1", "2"}.
std::vector<std::string> cut(std::string_view text, std::string_view begin, std::string_view end) {
    std::vector<std::string> pieces;
    for (auto at = text.find(begin); at != text.npos; at = text.find(begin)) {
        text.remove_prefix(at + begin.size());
        const auto size = text.find(end);
        REQUIRE(size != text.npos);
        pieces.emplace_back(text.substr(0, size));
        text.remove_prefix(size + end.size());
    }
    return pieces;
}

/// "name type label label" of every family of the text; the labels of its first sample.
std::set<std::string> families_of(const std::string& text) {
    std::set<std::string> families;
    std::istringstream lines(text);
    std::string family;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# TYPE ")) {
            family = line.substr(7);
        } else if (!family.empty() && !line.starts_with('#')) {
            const auto labels = line.find('{');
            if (labels != line.npos) {
                line[labels] = ',';
                for (const auto& name : cut(line.substr(0, line.rfind('}')), ",", "=\""))
                    family += name == "le" ? "" : " " + name;
            }
            families.insert(std::exchange(family, {}));
        }
    }
    return families;
}

/// The same of every row of the tables of docs/metrics.md: | `name` | type | labels | meaning |
std::set<std::string> documented() {
    std::ifstream file(std::string(BETA_SOURCE_DIR) + "/docs/metrics.md");
    REQUIRE(file.is_open());
    std::set<std::string> rows;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with("| `"))
            continue;
        const auto name_end = line.find('`', 3);
        const auto type_end = line.find(' ', name_end + 4);
        auto row =
            line.substr(3, name_end - 3) + " " + line.substr(name_end + 4, type_end - name_end - 4);
        const auto labels = line.substr(type_end, line.find('|', type_end + 3) - type_end);
        for (const auto& label : cut(labels, "`", "`"))
            row += " " + label;
        rows.insert(row);
    }
    return rows;
}

}  // namespace

TEST_CASE("shards are added up and every label is where conventions put it") {
    const auto text = full_text();
    INFO(text);
    CHECK(has_line(text,
                   "beta_sidecar_requests_total{direction=\"egress\",source=\"api-gateway\","
                   "destination=\"tron-payment\",plane=\"wallet\",method=\"POST\",code=\"201\","
                   "verdict=\"allow\"} 2"));
    CHECK(has_line(text,
                   "beta_sidecar_acl_violations_total{direction=\"ingress\",rule=\"chain-"
                   "stays-out\",source=\"_unknown\",destination=\"tron-payment\",plane="
                   "\"chain\",enforced=\"true\"} 1"));
    CHECK(has_line(text,
                   "beta_sidecar_acl_decisions_total{direction=\"ingress\",decision=\"deny\","
                   "enforced=\"true\"} 1"));
    CHECK(has_line(text,
                   "beta_sidecar_rate_limited_total{direction=\"egress\",rule=\"gateway-pays\","
                   "source=\"api-gateway\",destination=\"blockchain-core\",plane=\"chain\","
                   "enforced=\"true\"} 1"));
    CHECK(text.find("acl_violations_total{direction=\"egress\"") == text.npos);
    CHECK(has_line(text, "beta_sidecar_policy_reloads_total{result=\"failed\"} 1"));
    CHECK(has_line(text, "beta_sidecar_policy_last_reload_successful 0"));
    CHECK(has_line(text, "beta_sidecar_tor_connects_total{result=\"ok\"} 1"));
    CHECK(has_line(text, "beta_sidecar_tor_connects_total{result=\"intro_timeout\"} 0"));
    CHECK(has_line(text, "beta_sidecar_active_connections{listener=\"egress\"} 3"));
    CHECK(has_line(text, "beta_sidecar_pool_connections{state=\"busy\"} 5"));
    CHECK(has_line(text, "beta_sidecar_retries_total{reason=\"stale_stream\"} 1"));
    CHECK(has_line(text, "beta_sidecar_circuits{destination=\"tron-payment\"} 3"));
    CHECK(has_line(text, "beta_sidecar_circuits{destination=\"blockchain-core\"} 1"));
    CHECK(has_line(text, "beta_sidecar_breaker_state{destination=\"tron-payment\"} 2"));
    CHECK(has_line(text, "beta_sidecar_breaker_state{destination=\"blockchain-core\"} 0"));
    CHECK(has_line(text, "beta_sidecar_circuit_renewals_total{reason=\"stalled\"} 1"));
    CHECK(has_line(text, "beta_sidecar_hedges_total{result=\"won\"} 1"));
    CHECK(has_line(text, "beta_sidecar_hedges_total{result=\"over_budget\"} 0"));
    CHECK(has_line(text, "beta_sidecar_rejects_total{reason=\"malformed\"} 1"));
    CHECK(has_line(text, "beta_sidecar_policy_info{digest=\"abc123\"} 1"));
    CHECK(has_line(text, "beta_sidecar_log_dropped_total 9"));
    CHECK(has_line(text, R"(beta_sidecar_trace_spans_total{result="sent"} 21)"));
    CHECK(has_line(text, R"(beta_sidecar_trace_spans_total{result="dropped"} 22)"));
    CHECK(has_line(text, R"(beta_sidecar_trace_spans_total{result="refused"} 23)"));
    CHECK(has_line(text, "beta_sidecar_audit_writable 1"));
    CHECK(has_line(text, "beta_sidecar_audit_records_total 11"));
    CHECK(has_line(text, "beta_sidecar_audit_dropped_total 12"));
    CHECK(has_line(text, "beta_sidecar_tor_control_connected 1"));
    CHECK(has_line(text, "beta_sidecar_tor_bootstrap_ratio 0.45"));
    CHECK(has_line(text, "beta_sidecar_tor_circuits_total{event=\"built\"} 3"));
    CHECK(has_line(text, "beta_sidecar_tor_hs_desc_total{event=\"uploaded\"} 2"));
    CHECK(has_line(text, "container_memory_limit_bytes 20"));
}

TEST_CASE("histogram buckets are cumulative and end in infinity") {
    const auto text = full_text();
    INFO(text);
    const std::string name = "beta_sidecar_tor_connect_duration_seconds";
    CHECK(has_line(text, name + "_bucket{le=\"0.001\"} 0"));
    CHECK(has_line(text, name + "_bucket{le=\"0.5\"} 0"));
    CHECK(has_line(text, name + "_bucket{le=\"1\"} 1"));
    CHECK(has_line(text, name + "_bucket{le=\"120\"} 1"));
    CHECK(has_line(text, name + "_bucket{le=\"+Inf\"} 1"));
    CHECK(has_line(text, name + "_count 1"));
    CHECK(has_line(text, name + "_sum 0.7"));
    CHECK(has_line(text,
                   "beta_sidecar_request_duration_seconds_bucket{direction=\"egress\","
                   "destination=\"tron-payment\",le=\"0.025\"} 2"));
}

TEST_CASE("every exported metric is documented with type and labels, and nothing else is") {
    CHECK(families_of(full_text()) == documented());
}

TEST_CASE("promtool has nothing to say about the text, where it is installed") {
    if (std::system("command -v promtool > /dev/null") != 0) {
        SUCCEED("promtool (package prometheus) is not installed");
        return;
    }
    const testing::Files files;
    files.write("metrics.txt", full_text());
    const auto command = "promtool check metrics < " + (files.root() / "metrics.txt").string();
    CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("what would end a label's value early is escaped") {
    Facts facts;
    facts.policy_digest = "a\"b\\c\nd";
    CHECK(has_line(render({}, facts), "beta_sidecar_policy_info{digest=\"a\\\"b\\\\c\\nd\"} 1"));
}

TEST_CASE("no label of the text comes from traffic") {
    auto record = testing::sample_record();
    record.method = "EVILMETHOD";
    record.path = "/evil-path";
    record.user_agent = "evil-agent";
    record.request_id = "evil-id";
    Shard shard;
    shard.request(record);
    const auto text = render(std::vector{shard}, Facts{});
    CHECK(text.find("evil") == std::string::npos);
    CHECK(text.find("EVIL") == std::string::npos);
    CHECK(text.find("method=\"_OTHER\"") != std::string::npos);
}

TEST_CASE("a thousand services render in well under a second") {
    std::vector<Shard> shards(4);
    std::vector<std::string> names;
    names.reserve(1000);
    for (int i = 0; i < 1000; ++i)
        names.push_back("service-" + std::to_string(i));
    for (auto& shard : shards) {
        for (const auto& name : names) {
            auto record = testing::sample_record();
            record.destination = name;
            shard.request(record);
        }
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto text = render(shards, Facts{});
    const auto took = std::chrono::steady_clock::now() - begin;
    CHECK(text.find("service-999") != std::string::npos);
    CHECK(took < 1s);  // measured: see docs/metrics.md
}
