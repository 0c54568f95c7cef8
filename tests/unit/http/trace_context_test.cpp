#include "beta/http/trace_context.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <vector>

using namespace beta::http;

namespace {

const std::string trace = "0af7651916cd43dd8448eb211c80319c";
const std::string parent = "b7ad6b7169203331";
const std::string sound = "00-" + trace + '-' + parent + "-01";

/// What its views are into stays.
RequestHead with(const std::vector<std::string>& values) {
    static std::deque<std::string> kept;
    RequestHead head;
    for (const auto& value : values)
        head.fields.push_back({FieldId::traceparent, "traceparent", kept.emplace_back(value), {}});
    return head;
}

Field state(std::string_view value) {
    return {FieldId::tracestate, "tracestate", value, {}};
}

}  // namespace

TEST_CASE("a traceparent of this version or a later one is sound (W3C Trace Context §3.2.2)") {
    CHECK(is_traceparent(sound));
    CHECK(is_traceparent("cc-" + trace + '-' + parent + "-01"));
    CHECK(is_traceparent("cc-" + trace + '-' + parent + "-01-what-the-future-will-be-like"));
}

TEST_CASE("a traceparent that cannot be read is none") {
    const auto text = GENERATE_COPY(values<std::string>({
        "",
        "00",
        sound.substr(0, 54),
        sound + "-00",  // version 00 has four parts
        sound + ".",
        "ff-" + trace + '-' + parent + "-01",
        "0G-" + trace + '-' + parent + "-01",
        "00-" + std::string(32, '0') + '-' + parent + "-01",
        "00-" + trace + '-' + std::string(16, '0') + "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + parent + "-01",
        "00_" + trace + '-' + parent + "-01",
        "00-" + trace + '-' + parent + "-x1",
        "cc-" + trace + '-' + parent + "-01.what",
    }));
    CAPTURE(text);
    CHECK_FALSE(is_traceparent(text));
}

TEST_CASE("a traceparent is taken apart, and written with its flags that version 00 knows") {
    const RequestHead head = with({sound});
    const auto given = trace_parent(head);
    REQUIRE(given.has_value());
    CHECK(given->trace_id == trace);
    CHECK(given->parent_id == parent);
    CHECK(given->flags == 1);
    CHECK(given->is_sampled());
    CHECK(traceparent_line(*given) == "traceparent: " + sound + "\r\n");

    const auto later = "cc-" + trace + '-' + parent + "-fe-more";
    const RequestHead strange = with({later});
    const auto unsampled = trace_parent(strange);
    REQUIRE(unsampled.has_value());
    CHECK(unsampled->flags == 0xfe);
    CHECK_FALSE(unsampled->is_sampled());
    CHECK(traceparent_line(*unsampled) == "traceparent: 00-" + trace + '-' + parent + "-02\r\n");
}

TEST_CASE("two of them, or one that cannot be read, restart the trace; none does not") {
    CHECK(restarts_trace(with({sound, sound})));
    CHECK_FALSE(trace_parent(with({sound, sound})).has_value());
    CHECK(restarts_trace(with({"00-x"})));
    CHECK_FALSE(trace_parent(with({"00-x"})).has_value());
    CHECK_FALSE(restarts_trace(with({})));
    CHECK_FALSE(trace_parent(with({})).has_value());
}

TEST_CASE("lines of tracestate are one list, of which no more than 512 bytes is kept") {
    auto head = with({sound});
    CHECK(trace_state(head).empty());
    head.fields.push_back(state("a=1"));
    head.fields.push_back(state(""));
    head.fields.push_back(state("b=2,c=3"));
    CHECK(trace_state(head) == "a=1,b=2,c=3");
    const std::string rest = "d=" + std::string(498, '4');
    head.fields.push_back(state(rest));
    CHECK(trace_state(head).size() == 512);
    head.fields.push_back(state("e"));
    CHECK(trace_state(head).empty());
}
