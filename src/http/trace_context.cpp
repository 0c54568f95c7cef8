#include "beta/http/trace_context.hpp"

#include "beta/http/field_id.hpp"

namespace beta::http {
namespace {

constexpr std::size_t size_of_version_0 = 55;  // 2-32-16-2 digits and three dashes

bool is_hex(std::string_view text) noexcept {
    return text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool is_id(std::string_view text) noexcept {
    return is_hex(text) && text.find_first_not_of('0') != text.npos;
}

}  // namespace

bool is_traceparent(std::string_view value) noexcept {
    if (value.size() < size_of_version_0 || value[2] != '-' || value[35] != '-' || value[52] != '-')
        return false;
    const auto version = value.substr(0, 2);
    const auto rest = value.substr(size_of_version_0);
    const bool ends = version == "00" ? rest.empty() : rest.empty() || rest.front() == '-';
    return ends && is_hex(version) && version != "ff" && is_id(value.substr(3, 32)) &&
           is_id(value.substr(36, 16)) && is_hex(value.substr(53, 2));
}

bool restarts_trace(const RequestHead& head) noexcept {
    const auto* const given = head.find(FieldId::traceparent);
    return given != nullptr &&
           (head.count(FieldId::traceparent) > 1 || !is_traceparent(given->value));
}

std::optional<TraceParent> trace_parent(const RequestHead& head) noexcept {
    const auto* const given = head.find(FieldId::traceparent);
    if (given == nullptr || restarts_trace(head))
        return std::nullopt;
    const auto value = given->value;
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    const auto flags = static_cast<std::uint8_t>(digit(value[53]) * 16 + digit(value[54]));
    return TraceParent{
        .trace_id = value.substr(3, 32), .parent_id = value.substr(36, 16), .flags = flags};
}

std::string trace_state(const RequestHead& head) {
    constexpr std::size_t longest = 512;
    std::string list;
    for (const auto& field : head.fields) {
        if (field.id != FieldId::tracestate || field.value.empty())
            continue;
        if (!list.empty())
            list += ',';
        list += field.value;
    }
    return list.size() <= longest ? list : std::string{};
}

std::string traceparent_line(const TraceParent& trace) {
    constexpr auto known = TraceParent::sampled | TraceParent::random;
    std::string line = "traceparent: 00-";
    line.append(trace.trace_id).append("-").append(trace.parent_id).append("-0");
    line += static_cast<char>('0' + (trace.flags & known));
    return line += "\r\n";
}

}  // namespace beta::http
