#include "beta/trace/span.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace beta::trace;
using namespace std::chrono_literals;

namespace {

Ids ids(bool has_parent) {
    Ids made{.has_parent = has_parent};
    std::ranges::copy(std::string_view("0af7651916cd43dd8448eb211c80319c"), made.trace.begin());
    std::ranges::copy(std::string_view("b7ad6b7169203331"), made.span.begin());
    std::ranges::copy(std::string_view("00f067aa0ba902b7"), made.parent.begin());
    return made;
}

}  // namespace

TEST_CASE("a span is written as OTLP has it in JSON") {
    const auto of = ids(true);
    const Attribute attributes[] = {
        {.key = "http.request.method", .value = std::string_view("GET")},
        {.key = "http.response.status_code", .value = std::uint64_t{502}},
        {.key = "beta.enforced", .value = true}};
    CHECK(json({.ids = of,
                .state = "a=1",
                .kind = Kind::client,
                .name = "GET tron-payment",
                .begin = Span::Time(1'700'000'000s),
                .end = Span::Time(1'700'000'000s + 42ns),
                .attributes = attributes,
                .has_failed = true}) ==
          R"({"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",)"
          R"("parentSpanId":"00f067aa0ba902b7","traceState":"a=1","flags":769,)"
          R"("name":"GET tron-payment","kind":3,"startTimeUnixNano":"1700000000000000000",)"
          R"("endTimeUnixNano":"1700000000000000042","attributes":[)"
          R"({"key":"http.request.method","value":{"stringValue":"GET"}},)"
          R"({"key":"http.response.status_code","value":{"intValue":"502"}},)"
          R"({"key":"beta.enforced","value":{"boolValue":true}}],"status":{"code":2}})");
}

TEST_CASE("a span that begins its trace has no parent, and one that went well no status") {
    const auto of = ids(false);
    const auto text = json({.ids = of, .name = "GET"});
    CHECK_FALSE(text.contains("parentSpanId"));
    CHECK_FALSE(text.contains("traceState"));
    CHECK_FALSE(text.contains("status"));
    CHECK(text.contains(R"("flags":257)"));
    CHECK(text.contains(R"("kind":2)"));
}

TEST_CASE("whatever bytes a value holds, no more than the inside of a string comes of it") {
    const auto of = ids(false);
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte)
        bytes += static_cast<char>(byte);
    const Attribute attributes[] = {
        {.key = "user_agent.original", .value = std::string_view(bytes)}};
    const auto text = json({.ids = of, .name = bytes, .attributes = attributes});
    CHECK(std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }));
    CHECK(text.contains(R"(\u0000)"));
    CHECK(text.contains(R"(!\"#)"));
    CHECK(text.contains(R"([\\])"));
}

TEST_CASE("a long value is cut") {
    const auto of = ids(false);
    const std::string path(5'000, 'x');
    const Attribute attributes[] = {{.key = "url.path", .value = std::string_view(path)}};
    const auto text = json({.ids = of, .attributes = attributes});
    CHECK(std::ranges::count(text, 'x') == max_value + 2);  // two are in names of times
}

TEST_CASE("a request says once whose spans it brings") {
    CHECK(request({.service = "api-gateway", .plane = "ops", .version = "0.1.0"}, "{},{}") ==
          R"({"resourceSpans":[{"resource":{"attributes":[)"
          R"({"key":"service.name","value":{"stringValue":"api-gateway"}},)"
          R"({"key":"service.namespace","value":{"stringValue":"ops"}},)"
          R"({"key":"service.version","value":{"stringValue":"0.1.0"}}]},)"
          R"("scopeSpans":[{"scope":{"name":"beta-sidecar","version":"0.1.0"},)"
          R"("spans":[{},{}]}]}]})");
}

TEST_CASE("one trace in so many is recorded, by its id alone") {
    const std::string least = "ffffffffffffffff00" + std::string(14, '0');
    const std::string most = "000000000000000000" + std::string(14, 'f');
    const std::string middle = "00000000000000000080000000000000";
    CHECK_FALSE(is_sampled(most, 0));
    CHECK(is_sampled(least, 1'000'000));
    CHECK(is_sampled(most, 1));
    CHECK_FALSE(is_sampled(least, 999'999));
    CHECK(is_sampled(middle, 500'001));
    CHECK_FALSE(is_sampled(middle, 499'999));
}
