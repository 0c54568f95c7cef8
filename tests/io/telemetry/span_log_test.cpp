#include "beta/telemetry/span_log.hpp"

#include "sample.hpp"
#include "support/json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

using namespace beta;
using namespace beta::telemetry;
using namespace std::chrono_literals;

namespace {

/// Everything goes at once.
SpanQueue eager() {
    return SpanQueue({.queue_spans = 100, .batch_spans = 100, .flush = 0ms});
}

boost::json::object span_of(const Record& record) {
    auto queue = eager();
    SpanLog log(queue, 0);
    const trace::Ids ids;
    log.write(record, ids, "a=1", std::chrono::system_clock::time_point(1h));
    log.hand_over();
    return testing::parse_json(queue.take().value()).as_object();  // NOLINT: throws
}

std::string attribute(const boost::json::object& span, std::string_view key) {
    for (const auto& one : span.at("attributes").as_array()) {
        const auto& value = one.at("value").as_object().begin()->value();
        if (testing::word(one.as_object(), "key") == key)
            return value.is_string() ? std::string(value.as_string())
                                     : boost::json::serialize(value);
    }
    return {};
}

bool has_failed(const Record& record) {
    return span_of(record).contains("status");
}

}  // namespace

TEST_CASE("a span says what the access log says, with the names of OpenTelemetry") {
    const auto span = span_of(testing::sample_record());
    CHECK(testing::word(span, "name") == "POST tron-payment");
    CHECK(testing::word(span, "traceState") == "a=1");
    CHECK(span.at("kind").as_int64() == 3);
    CHECK(testing::word(span, "endTimeUnixNano") == "3600000000000");
    CHECK(testing::word(span, "startTimeUnixNano") == "3599987655000");
    CHECK(attribute(span, "http.request.method") == "POST");
    CHECK(attribute(span, "url.path") == "/api/v1/payouts");
    CHECK(attribute(span, "server.address") == "tron-payment");
    CHECK(attribute(span, "http.response.status_code") == "201");
    CHECK(attribute(span, "user_agent.original") == "curl/8.0");
    CHECK(attribute(span, "beta.source") == "api-gateway");
    CHECK(attribute(span, "beta.plane") == "wallet");
    CHECK(attribute(span, "beta.rule") == "gateway-pays");
    CHECK(attribute(span, "beta.decision") == "allow");
    CHECK(attribute(span, "beta.enforced") == "true");
    CHECK(attribute(span, "beta.upstream.attempts") == "1");
    CHECK(attribute(span, "error.type").empty());
}

TEST_CASE("a method that is none names no span") {
    auto record = testing::sample_record();
    record.method = "BREW";
    const auto span = span_of(record);
    CHECK(testing::word(span, "name") == "HTTP tron-payment");
    CHECK(attribute(span, "http.request.method") == "_OTHER");
    CHECK(attribute(span, "http.request.method_original") == "BREW");
}

TEST_CASE(
    "a client's span fails from 400 on, a server's from 500 on, and what was cut off always") {
    auto record = testing::sample_record();
    CHECK_FALSE(has_failed(record));
    record.status = 404;
    CHECK(has_failed(record));
    CHECK(attribute(span_of(record), "error.type") == "404");
    record.direction = acl::Direction::ingress;
    CHECK_FALSE(has_failed(record));
    CHECK(span_of(record).at("kind").as_int64() == 2);
    record.status = 500;
    CHECK(has_failed(record));
    record.status = 200;
    record.failure = model::Failure::upstream_truncated;
    CHECK(has_failed(record));
    CHECK(attribute(span_of(record), "error.type") == "upstream_truncated");
    CHECK_FALSE(has_failed(testing::denied_record()));
    CHECK(attribute(span_of(testing::denied_record()), "error.type") == "denied");
}

TEST_CASE("spans are handed over together, and many of them at once") {
    auto queue = eager();
    SpanLog log(queue, 0);
    const trace::Ids ids;
    for (int i = 0; i < 63; ++i)
        log.write(testing::sample_record(), ids, {}, {});
    CHECK_FALSE(queue.take().has_value());
    log.write(testing::sample_record(), ids, {}, {});
    const auto taken = queue.take();
    REQUIRE(taken.has_value());
    queue.answered({.verdict = trace::Answer::Verdict::taken});
    CHECK(queue.counts().sent == 64);
    CHECK_FALSE(queue.is_done());
    queue.finish();
    CHECK(queue.is_done());
}
