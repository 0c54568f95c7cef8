#include "beta/trace/span.hpp"

#include "beta/model/json_text.hpp"

#include <charconv>

// opentelemetry-proto, trace/v1/trace.proto; OTLP §JSON Protobuf Encoding: ids in hexadecimal,
// enums as numbers, integers of 64 bits in quotes.
namespace beta::trace {
namespace {

constexpr unsigned flag_sampled = 0x001;
constexpr unsigned flag_has_is_remote = 0x100;  // whether it is known that the parent is elsewhere
constexpr unsigned flag_is_remote = 0x200;
constexpr int status_error = 2;

std::string_view cut(std::string_view text) noexcept {
    return text.substr(0, max_value);
}

void add_word(std::string& out, std::string_view key, std::string_view value) {
    out.append(R"(")").append(key).append(R"(":)").append(model::json_text(value)).append(",");
}

void add_time(std::string& out, std::string_view key, Span::Time time) {
    const auto since =
        std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
    add_word(out, key, std::to_string(since.count()));
}

void add_value(std::string& out, std::string_view value) {
    out.append(R"("stringValue":)").append(model::json_text(cut(value)));
}

void add_value(std::string& out, std::uint64_t value) {
    out.append(R"("intValue":")").append(std::to_string(value)).append(R"(")");
}

void add_value(std::string& out, bool value) {
    out.append(R"("boolValue":)").append(value ? "true" : "false");
}

void add_attribute(std::string& out, const Attribute& attribute) {
    out += '{';
    add_word(out, "key", attribute.key);
    out += R"("value":{)";
    std::visit([&](auto value) { add_value(out, value); }, attribute.value);
    out += "}}";
}

void add_attributes(std::string& out, std::span<const Attribute> attributes) {
    out += R"("attributes":[)";
    for (const auto& attribute : attributes) {
        if (&attribute != attributes.data())
            out += ',';
        add_attribute(out, attribute);
    }
    out += ']';
}

}  // namespace

std::string json(const Span& span) {
    std::string out = "{";
    add_word(out, "traceId", span.ids.trace_id());
    add_word(out, "spanId", span.ids.span_id());
    if (span.ids.has_parent)
        add_word(out, "parentSpanId", span.ids.parent_id());
    if (!span.state.empty())
        add_word(out, "traceState", span.state);
    const auto remote = span.ids.has_parent ? flag_is_remote : 0;
    out += R"("flags":)" + std::to_string(flag_sampled | flag_has_is_remote | remote) + ',';
    add_word(out, "name", cut(span.name));
    out += R"("kind":)" + std::to_string(static_cast<int>(span.kind)) + ',';
    add_time(out, "startTimeUnixNano", span.begin);
    add_time(out, "endTimeUnixNano", span.end);
    add_attributes(out, span.attributes);
    if (span.has_failed)
        out += R"(,"status":{"code":)" + std::to_string(status_error) + '}';
    return out + '}';
}

std::string request(const Resource& resource, std::string_view spans) {
    const Attribute words[] = {{.key = "service.name", .value = resource.service},
                               {.key = "service.namespace", .value = resource.plane},
                               {.key = "service.version", .value = resource.version}};
    std::string out = R"({"resourceSpans":[{"resource":{)";
    add_attributes(out, words);
    out += R"(},"scopeSpans":[{"scope":{)";
    add_word(out, "name", "beta-sidecar");
    out += R"("version":)" + model::json_text(resource.version) + R"(},"spans":[)";
    return out.append(spans).append("]}]}]}");
}

bool is_sampled(std::string_view trace_id, std::uint32_t per_million) noexcept {
    constexpr std::size_t digits = 14;
    constexpr std::uint64_t all = 1ull << 56;
    constexpr std::uint32_t million = 1'000'000;
    if (per_million >= million)
        return true;
    const auto last = trace_id.substr(trace_id.size() - digits);
    std::uint64_t random = 0;
    std::from_chars(last.data(), last.data() + last.size(), random, 16);
    return random >= all - all / million * per_million;
}

}  // namespace beta::trace
