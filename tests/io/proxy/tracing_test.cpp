#include "beta/http/trace_context.hpp"

#include "line.hpp"
#include "support/json.hpp"
#include "support/running_sidecar.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>

using namespace beta;
using namespace beta::testing;
namespace json = boost::json;

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string parent = "b7ad6b7169203331";
const std::string acl = R"(apiVersion: beta.acl/v1
plane: ops
allow:
  - name: out
    from: { services: [api-gateway] }
    to: { plane: "*" }
    paths: [/ok, /ok/**]
  - name: in
    from: { plane: chain }
    to: { services: [api-gateway] }
    paths: [/ok, /ok/**]
  - name: spans
    from: { services: [api-gateway] }
    to: { plane: chain, services: [blockchain-core] }
    methods: [POST]
    paths: [/v1/traces]
)";

/// One span that the collector got.
struct Span {
    json::object whole;

    std::string operator[](std::string_view key) const {
        return whole.contains(key) ? word(whole, key) : std::string{};
    }
    /// An attribute, whatever its type.
    std::string attribute(std::string_view key) const {
        for (const auto& one : whole.at("attributes").as_array()) {
            const auto& pair = one.as_object();
            if (word(pair, "key") != key)
                continue;
            const auto& value = pair.at("value").as_object().begin()->value();
            return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
        }
        return {};
    }
};

std::vector<Span> spans_of(const std::vector<Message>& exports) {
    std::vector<Span> spans;
    for (const auto& message : exports) {
        const auto body = parse_json(message.body).as_object();
        const auto& resource = body.at("resourceSpans").as_array().at(0).as_object();
        const auto& scope = resource.at("scopeSpans").as_array().at(0).as_object();
        for (const auto& span : scope.at("spans").as_array())
            spans.push_back({span.as_object()});
    }
    return spans;
}

/// The sidecar of api-gateway, the app behind it, tron-payment, and blockchain-core as collector.
struct Scene {
    explicit Scene(const std::string& sample, FakeUpstream::Handler answer = {},
                   const std::string& rules = acl, const std::string& flush = "100ms")
        : collector(answer ? std::move(answer) : [](const Message&) { return ok("{}"); }),
          sidecar({.socks_port = tor.port(),
                   .app_port = app.port(),
                   .acl = rules,
                   .extra = "tracing: { collector: blockchain-core, flush: " + flush +
                            ", sample: " + sample +
                            " }\nlimits: { last_spans_time: 1s }\n"
                            "drain: { timeout: 1h }\n"}) {
        tor.route(RunningSidecar::onion(1), 80, callee.port());
        tor.route(RunningSidecar::onion(2), 81, collector.port());
    }
    int ask(std::uint16_t port, const std::string& host, const std::string& fields = {},
            const std::string& path = "/ok") const {
        return Client(port)
            .ask("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n")
            .status();
    }
    int call(const std::string& fields = {}, const std::string& path = "/ok") const {
        return ask(sidecar.egress(), "tron-payment", fields, path);
    }
    /// Of all exports, once there are so many.
    std::vector<Span> spans(std::size_t count) const {
        for (std::size_t exports = 1;; ++exports) {
            auto all = spans_of(collector.wait_for_requests(exports));
            if (all.size() >= count)
                return all;
        }
    }
    std::string metrics() const {
        return Client(sidecar.admin()).ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n").body;
    }
    std::uint64_t counted(const std::string& result) const {
        const auto name = "beta_sidecar_trace_spans_total{result=\"" + result + "\"} ";
        const auto text = metrics();
        const auto at = text.find(name);
        return at == text.npos ? 0 : std::stoull(text.substr(at + name.size()));
    }
    void wait_until_counted(const std::string& result, std::uint64_t count) const {
        const auto deadline = std::chrono::steady_clock::now() + failing_bound;
        while (counted(result) < count) {
            if (std::chrono::steady_clock::now() > deadline)
                throw TimedOut(result + " spans");
        }
    }

    FakeUpstream callee;
    FakeUpstream app;
    FakeUpstream collector;
    FakeTor tor;
    RunningSidecar sidecar;
};

const std::string sampled = "traceparent: 00-" + trace + '-' + parent + "-01\r\n";

}  // namespace

TEST_CASE("the span of a call is the parent of what the callee does") {
    const Scene scene("0%");
    REQUIRE(scene.call(sampled + "tracestate: a=1\r\nTraceState: b=2\r\n") == 200);
    const auto seen = scene.callee.wait_for_requests(1).front();
    const auto span = scene.spans(1).front();
    CHECK(span["traceId"] == trace);
    CHECK(span["parentSpanId"] == parent);
    CHECK(span["traceState"] == "a=1,b=2");
    CHECK(span["name"] == "GET tron-payment");
    CHECK(span.whole.at("kind").as_int64() == 3);
    CHECK(seen.field("traceparent") == "00-" + trace + '-' + span["spanId"] + "-01");
    CHECK(seen.count("traceparent") == 1);
    CHECK(seen.count("tracestate") == 2);
    CHECK(span.attribute("http.request.method") == "GET");
    CHECK(span.attribute("url.path") == "/ok");
    CHECK(span.attribute("http.response.status_code") == "200");
    CHECK(span.attribute("server.address") == "tron-payment");
    CHECK(span.attribute("beta.direction") == "egress");
    CHECK(span.attribute("beta.rule") == "out");
    CHECK(span.attribute("beta.request_id") == seen.field("x-request-id"));
    CHECK_FALSE(span.whole.contains("status"));
    CHECK(std::stoull(span["startTimeUnixNano"]) < std::stoull(span["endTimeUnixNano"]));
}

TEST_CASE("the span of a request to the app is the parent of what the app does") {
    const Scene scene("0%");
    REQUIRE(scene.ask(scene.sidecar.ingress(), "api-gateway", sampled) == 200);
    const auto seen = scene.app.wait_for_requests(1).front();
    const auto span = scene.spans(1).front();
    CHECK(span.whole.at("kind").as_int64() == 2);
    CHECK(span["traceId"] == trace);
    CHECK(span["parentSpanId"] == parent);
    CHECK(seen.field("traceparent") == "00-" + trace + '-' + span["spanId"] + "-01");
}

TEST_CASE("a trace begins with the first request that has none, and all of it is recorded") {
    const Scene scene("100%");
    REQUIRE(scene.call("tracestate: left=over\r\n") == 200);
    const auto seen = scene.callee.wait_for_requests(1).front();
    const auto span = scene.spans(1).front();
    CHECK(span["parentSpanId"].empty());
    CHECK(seen.field("traceparent") == "00-" + span["traceId"] + '-' + span["spanId"] + "-01");
    CHECK_FALSE(seen.has("tracestate"));  // of no trace that anyone knows
}

TEST_CASE("a trace that begins and is not recorded says so, and one that came stays as it is") {
    const Scene scene("0%");
    REQUIRE(scene.call() == 200);
    const auto begun = scene.callee.wait_for_requests(1).front().field("traceparent");
    CHECK(http::is_traceparent(begun));
    CHECK(begun.ends_with("-00"));
    const std::string unsampled = "00-" + trace + '-' + parent + "-00";
    REQUIRE(scene.call("traceparent: " + unsampled + "\r\ntracestate: a=1\r\n") == 200);
    const auto seen = scene.callee.wait_for_requests(2).back();
    CHECK(seen.field("traceparent") == unsampled);
    CHECK(seen.field("tracestate") == "a=1");
    REQUIRE(scene.call(sampled) == 200);  // the first that has a span
    CHECK(scene.spans(1).size() == 1);
}

TEST_CASE("a host outside is told of no trace that the app did not speak of") {
    Scene scene("100%", {}, acl + "  - { name: outside, to: { external: [outside] } }\n");
    FakeUpstream outside;
    scene.tor.route("outside.example.com", 8443, outside.port());
    REQUIRE(scene.ask(scene.sidecar.egress(), "outside") == 200);
    CHECK_FALSE(outside.wait_for_requests(1).front().has("traceparent"));
    CHECK(scene.spans(1).front().attribute("server.address") == "outside");
}

TEST_CASE("a request that was denied has a span that failed") {
    const Scene scene("100%");
    REQUIRE(scene.call({}, "/other") == 403);
    const auto span = scene.spans(1).front();
    CHECK(span.attribute("http.response.status_code") == "403");
    CHECK(span.attribute("error.type") == "denied");
    CHECK(span.attribute("beta.decision") == "deny");
    CHECK(span.whole.at("status").as_object().at("code").as_int64() == 2);
}

TEST_CASE("a caller's fault is no failure of the server's span") {
    const Scene scene("0%");
    REQUIRE(scene.ask(scene.sidecar.ingress(), "api-gateway", sampled, "/other") == 403);
    const auto span = scene.spans(1).front();
    CHECK(span.attribute("error.type") == "denied");
    CHECK_FALSE(span.whole.contains("status"));
}

TEST_CASE("an export is a request of this service, and part of no trace") {
    const Scene scene("100%");
    REQUIRE(scene.call() == 200);
    const auto first = scene.collector.wait_for_requests(1).front();
    CHECK(first.start_line() == "POST /v1/traces HTTP/1.1");
    CHECK(first.field("host") == "blockchain-core");
    CHECK(first.field("content-type") == "application/json");
    CHECK(first.field("via") == "1.1 beta");
    CHECK(first.field("traceparent").ends_with("-00"));
    CHECK_FALSE(first.raw.contains(".onion"));
    scene.wait_until_counted("sent", 1);
    REQUIRE(scene.call() == 200);
    const auto spans = scene.spans(2);
    CHECK(std::ranges::all_of(spans,
                              [](const Span& span) { return span["name"] == "GET tron-payment"; }));
    CHECK(
        scene.metrics().contains("beta_sidecar_requests_total{direction=\"egress\",source="
                                 "\"api-gateway\",destination=\"blockchain-core\""));
}

TEST_CASE("without a permit no span leaves, and the start says so") {
    Scene scene("100%", {}, acl.substr(0, acl.find("  - name: spans")));
    const auto& warnings = scene.sidecar->warnings();
    CHECK(std::ranges::any_of(warnings, [](const auto& one) {
        return one.code == "TRACING_NO_WAY" && one.message.contains("denied by rule default-deny");
    }));
    REQUIRE(scene.call() == 200);
    scene.wait_until_counted("dropped", 1);
    CHECK(scene.collector.accepted() == 0);
}

TEST_CASE("a collector that is busy is asked again for the same spans") {
    std::atomic<int> asked = 0;
    const Scene scene("100%", [&](const Message&) {
        return asked++ == 0 ? std::string(
                                  "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                                  "Content-Length: 0\r\n\r\n")
                            : ok("{}");
    });
    REQUIRE(scene.call() == 200);
    const auto exports = scene.collector.wait_for_requests(2);
    CHECK(exports.at(0).body == exports.at(1).body);
    scene.wait_until_counted("sent", 1);
    CHECK(scene.counted("dropped") == 0);
}

TEST_CASE("what the collector does not take is counted") {
    const Scene scene("100%", [](const Message&) {
        return ok(R"({"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}})");
    });
    REQUIRE(scene.call() == 200);
    scene.wait_until_counted("refused", 1);
    CHECK(scene.counted("sent") == 0);
    const Scene other("100%", [](const Message&) {
        return std::string("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    REQUIRE(other.call() == 200);
    other.wait_until_counted("refused", 1);
}

TEST_CASE("the last spans go before the sidecar does") {
    Scene scene("100%", {}, acl, "1h");
    REQUIRE(scene.call() == 200);
    REQUIRE(scene.call({}, "/other") == 403);
    scene.sidecar->drain();
    CHECK(scene.sidecar->wait());
    CHECK(spans_of(scene.collector.requests()).size() == 2);  // by now
}

TEST_CASE("a collector that does not answer keeps nobody: not requests, and not the end") {
    Gate never;
    Scene scene("100%", [&](const Message&) {
        never.pass();
        return ok("{}");
    });
    REQUIRE(scene.call() == 200);
    never.wait_for_arrivals(1);
    CHECK(scene.call() == 200);
    const auto begun = std::chrono::steady_clock::now();
    scene.sidecar->drain();
    CHECK(scene.sidecar->wait());
    // After limits.last_spans_time; else the gate would have held it twice as long as this.
    CHECK(std::chrono::steady_clock::now() - begun < failing_bound / 2);
    never.open();
}
