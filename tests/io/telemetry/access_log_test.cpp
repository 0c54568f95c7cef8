#include "beta/telemetry/access_log.hpp"

#include "sample.hpp"
#include "support/gate.hpp"
#include "support/json.hpp"

#include <catch2/catch.hpp>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/ostream_sink.h>

#include <chrono>
#include <fstream>
#include <future>
#include <iterator>
#include <mutex>
#include <random>
#include <sstream>
#include <string>

using namespace beta;
using namespace beta::telemetry;
using namespace std::chrono_literals;
using testing::denied_record;
using testing::lines_of;
using testing::parse_json;
using testing::rejected_record;
using testing::sample_record;

namespace {

const std::chrono::system_clock::time_point noon{std::chrono::milliseconds{1709208000250}};

/// What `write` puts on the log, all of it.
template <class Write>
std::string logged(Write write, const config::Log& settings = {}) {
    std::ostringstream out;
    {
        LogWriter writer(std::make_shared<spdlog::sinks::ostream_sink_mt>(out), {});
        AccessLog log(writer, settings);
        write(log);
    }
    return out.str();
}

/// Tells when something is written.
class FirstLine final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    std::promise<void> written;

  private:
    void sink_it_(const spdlog::details::log_msg&) override { written.set_value(); }
    void flush_() override {}
};

boost::json::object logged_object(const Record& record) {
    const auto lines = lines_of(logged([&](AccessLog& log) { log.write(record, noon); }));
    REQUIRE(lines.size() == 1);
    return parse_json(lines[0]).as_object();
}

}  // namespace

TEST_CASE("a request makes one line with the names of OpenTelemetry") {
    CHECK(logged([](AccessLog& log) { log.write(sample_record(), noon); }) ==
          R"({"timestamp":"2024-02-29T12:00:00.250Z","log":"access",)"
          R"("http.request.method":"POST","url.path":"/api/v1/payouts",)"
          R"("http.response.status_code":201,"http.request.body.size":17,)"
          R"("http.response.body.size":42,"network.protocol.version":"1.1",)"
          R"("user_agent.original":"curl/8.0","beta.direction":"egress",)"
          R"("beta.source":"api-gateway","beta.destination":"tron-payment",)"
          R"("beta.plane":"wallet","beta.rule":"gateway-pays","beta.decision":"allow",)"
          R"("beta.enforced":true,"beta.upstream.attempts":1,)"
          R"("beta.request_id":"0123456789abcdef","duration_ms":12.345})"
          "\n");
}

TEST_CASE("a denial says rule, plane of the caller and that it was enforced") {
    const auto object = logged_object(denied_record());
    CHECK(testing::word(object, "beta.decision") == "deny");
    CHECK(object.at("beta.enforced").as_bool() == true);
    CHECK(testing::word(object, "beta.rule") == "chain-stays-out");
    CHECK(testing::word(object, "beta.plane") == "chain");
    CHECK(testing::word(object, "beta.direction") == "ingress");
    CHECK(testing::word(object, "error.type") == model::facts(model::Failure::denied).name);
    CHECK_FALSE(object.contains("beta.source"));  // only the plane is known
}

TEST_CASE("a request that is recorded says which span it is") {
    auto record = sample_record();
    record.trace_id = "0af7651916cd43dd8448eb211c80319c";
    record.span_id = "b7ad6b7169203331";
    const auto object = logged_object(record);
    CHECK(testing::word(object, "trace_id") == record.trace_id);
    CHECK(testing::word(object, "span_id") == record.span_id);
}

TEST_CASE("a request refused before the policy was asked has no decision") {
    auto record = rejected_record();
    record.http10 = true;
    const auto object = logged_object(record);
    CHECK_FALSE(object.contains("beta.decision"));
    CHECK_FALSE(object.contains("beta.rule"));
    CHECK_FALSE(object.contains("http.request.method"));
    CHECK(testing::word(object, "error.type") == model::facts(model::Failure::malformed).name);
    CHECK(testing::word(object, "network.protocol.version") == "1.0");
}

TEST_CASE("a failure of tor is named as tor names it") {
    auto record = sample_record();
    record.failure = model::Failure::descriptor_not_found;
    CHECK(testing::word(logged_object(record), "beta.tor.result") == "desc_not_found");
    record.failure = model::Failure::app_unreachable;
    CHECK_FALSE(logged_object(record).contains("beta.tor.result"));
}

TEST_CASE("whatever bytes a request holds, its line is one valid object (CVE-2025-25294)") {
    std::mt19937 random(4711);  // NOLINT: the same bytes every time
    std::string junk(3000, '\0');
    const auto text = logged([&](AccessLog& log) {
        for (int i = 0; i < 500; ++i) {
            for (auto& c : junk)
                c = static_cast<char>(random());
            const std::string_view bytes = junk;
            auto record = sample_record();
            record.method = bytes.substr(0, random() % 50);
            record.path = bytes.substr(0, random() % 3000);
            record.user_agent = bytes.substr(0, random() % 500);
            record.request_id = bytes.substr(0, random() % 200);
            record.rule = bytes.substr(0, random() % 300);
            log.write(record, noon);
        }
    });
    const auto lines = lines_of(text);
    CHECK(lines.size() == 500);
    for (const auto& line : lines)
        REQUIRE_NOTHROW(parse_json(line).as_object());
}

TEST_CASE("a forged line end stays within its own line") {
    auto record = sample_record();
    record.user_agent = "x\"}\n{\"beta.decision\":\"allow\"}\r\n\x1b[2K";
    const auto object = logged_object(record);
    CHECK(testing::word(object, "user_agent.original") == record.user_agent);
    CHECK(testing::word(object, "beta.decision") == "allow");
}

TEST_CASE("values beyond their limit are cut and marked") {
    auto record = sample_record();
    const std::string path = "/" + std::string(5000, 'x');
    record.path = path;
    const auto text = testing::word(logged_object(record), "url.path");
    CHECK(text.size() == 2048 + 3);
    CHECK(text.ends_with("x…"));
}

TEST_CASE("the worst line fits, many times over") {
    const std::string worst(100'000, '\x01');
    auto record = sample_record();
    record.method = record.path = record.user_agent = record.request_id = worst;
    record.rule = record.source_service = record.destination = record.destination_plane = worst;
    record.request_bytes = record.response_bytes = ~0ull;
    record.duration = std::chrono::nanoseconds::max();
    record.failure = model::Failure::introduction_timeout;
    const auto text = logged([&](AccessLog& log) {
        for (int i = 0; i < 50; ++i)
            log.write(record, noon);
    });
    const auto lines = lines_of(text);
    CHECK(lines.size() == 50);
    for (const auto& line : lines)
        REQUIRE_NOTHROW(parse_json(line));
}

TEST_CASE("with the access log off, only what was refused is written") {
    const auto text = logged(
        [](AccessLog& log) {
            log.write(sample_record(), noon);
            log.write(denied_record(), noon);
            log.write(rejected_record(), noon);
            auto reported = denied_record();
            reported.enforced = false;
            log.write(reported, noon);
        },
        {.access = false});
    const auto lines = lines_of(text);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].find("chain-stays-out") != std::string::npos);
    CHECK(lines[1].find("\"http.response.status_code\":400") != std::string::npos);
    CHECK(lines[2].find("\"beta.enforced\":false") != std::string::npos);
}

TEST_CASE("a line that stands for others says for what share of them") {
    const config::Log settings{.sample = {.ok = config::Share::parse("50%").value()}};
    const auto text = logged(
        [](AccessLog& log) {
            for (int i = 0; i < 100; ++i) {
                const auto id = std::to_string(i);
                auto record = sample_record();
                record.request_id = id;
                log.write(record, noon);
            }
            log.write(denied_record(), noon);
        },
        settings);
    auto lines = lines_of(text);
    CHECK(lines.size() > 20);
    CHECK(lines.size() < 80);
    CHECK_FALSE(parse_json(lines.back()).as_object().contains("beta.sample"));  // the denial
    lines.pop_back();
    for (const auto& line : lines)
        CHECK(parse_json(line).as_object().at("beta.sample").as_double() == 0.5);
}

TEST_CASE("docs/log.md has every name that a line can have") {
    auto record = denied_record();
    record.source_service = "api-gateway";
    record.failure = model::Failure::descriptor_not_found;
    record.attempts = 2;
    const config::Log settings{.sample = {.denied = config::Share::parse("99.9999%").value()}};
    const auto lines = lines_of(logged([&](AccessLog& log) { log.write(record, noon); }, settings));
    REQUIRE(lines.size() == 1);
    std::ifstream file(std::string(BETA_SOURCE_DIR) + "/docs/log.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    const auto table = page.substr(page.find("## One request"));
    for (const auto& field : parse_json(lines[0]).as_object())
        CHECK_THAT(table, Catch::Contains("`" + std::string(field.key()) + "`"));
}

TEST_CASE("flush waits for enough lines, but not for long") {
    const auto sink = std::make_shared<FirstLine>();
    LogWriter writer(sink, LogLimits{});
    AccessLog log(writer);
    log.write(sample_record(), noon);
    const auto written = sink->written.get_future();
    const auto deadline = std::chrono::steady_clock::now() + testing::failing_bound;
    // As a worker does it, batch after batch.
    while (written.wait_for(1ms) != std::future_status::ready) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        log.flush();
    }
}
