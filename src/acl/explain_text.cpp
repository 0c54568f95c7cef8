// An explanation for people and for programs.
#include "beta/acl/explain.hpp"
#include "beta/model/json_text.hpp"
#include "beta/yaml/document.hpp"

namespace beta::acl {
namespace {

using model::json_text;

std::string place(const SideExplanation& side, std::uint32_t line) {
    return line == 0 ? side.file : side.file + ':' + std::to_string(line);
}

std::string name(std::string_view plane, std::string_view service) {
    return yaml::printable(plane) + '/' + (service.empty() ? "?" : yaml::printable(service));
}

std::string destination(const Question& asked) {
    return asked.external ? yaml::printable(asked.to_service) + " (outside)"
                          : name(asked.to_plane, asked.to_service);
}

/// Whom ingress takes the caller for: "by its certificate, as ops/api-gateway".
std::string caller(const Question& asked) {
    return asked.known_by == model::KnownBy::certificate
               ? "by its certificate, as " + name(asked.from_plane, asked.from_service)
               : "by its listener, as plane " + yaml::printable(asked.from_plane) + " alone";
}

void add(std::string& out, const SideExplanation& side, const Question& asked) {
    out += "  ";
    out += word(side.direction);
    out += side.direction == Direction::egress ? "   " : "  ";
    out += word(side.verdict);
    out += side.enforced ? "" : ", reported only: the request passes,";
    out += " by " + side.rule + " (" + place(side, side.line) + "): " + side.reason + '\n';
    if (side.direction == Direction::ingress)
        out += "    the caller is known " + caller(asked) + '\n';
    if (!side.would_allow.empty())
        out += "    " + side.would_allow + " would allow it, and is in mode report\n";
    if (!side.limit.empty())
        out += "    within the limit of " + side.limit + '\n';
    for (const Candidate& other : side.others) {
        out += "    not " + other.rule + " (";
        out += word(other.verdict);
        out += other.reported ? " in mode report" : "";
        out += ", " + place(side, other.line) + ')';
        if (other.lacks.empty())
            out += ": matches too, but does not decide";
        for (std::size_t i = 0; i < other.lacks.size(); ++i)
            out += (i == 0 ? ": " : "; ") + other.lacks[i];
        out += '\n';
    }
    if (side.left_out > 0)
        out += "    and " + std::to_string(side.left_out) + " rules further from a match\n";
}

std::string field(std::string_view key, std::string_view text) {
    return '"' + std::string(key) + "\":" + json_text(text);
}

std::string boolean(bool value) {
    return value ? "true" : "false";
}

std::string json(const Candidate& other) {
    std::string lacks;
    for (const std::string& lack : other.lacks)
        lacks += (lacks.empty() ? "" : ",") + json_text(lack);
    return '{' + field("rule", other.rule) + ',' + field("verdict", word(other.verdict)) +
           ",\"reported\":" + boolean(other.reported) + ",\"line\":" + std::to_string(other.line) +
           ",\"lacks\":[" + lacks + "]}";
}

std::string json(const SideExplanation& side, const Question& asked) {
    std::string others;
    for (const Candidate& other : side.others)
        others += (others.empty() ? "" : ",") + json(other);
    return '{' + field("direction", word(side.direction)) + ',' + field("plane", side.plane) + ',' +
           field("file", side.file) + ",\"line\":" + std::to_string(side.line) + ',' +
           field("verdict", word(side.verdict)) + ",\"enforced\":" + boolean(side.enforced) + ',' +
           field("rule", side.rule) + ',' + field("reason", side.reason) +
           (side.direction == Direction::ingress
                ? ',' + field("known_by", model::word(asked.known_by))
                : "") +
           (side.would_allow.empty() ? "" : ',' + field("would_allow", side.would_allow)) +
           (side.limit.empty() ? "" : ',' + field("limit", side.limit)) + ",\"others\":[" + others +
           "],\"left_out\":" + std::to_string(side.left_out) + '}';
}

std::string json(std::string_view plane, std::string_view service) {
    return '{' + field("plane", plane) + ',' + field("service", service) + '}';
}

std::string json(const std::vector<Question::Header>& headers) {
    std::string out;
    for (const auto& [header, value] : headers)
        out +=
            (out.empty() ? "{" : ",{") + field("name", header) + ',' + field("value", value) + '}';
    return '[' + out + ']';
}

}  // namespace

std::string to_text(const Limit& limit) {
    using std::chrono::nanoseconds;
    constexpr std::pair<std::string_view, nanoseconds> units[] = {{"/s", std::chrono::seconds(1)},
                                                                  {"/min", std::chrono::minutes(1)},
                                                                  {"/h", std::chrono::hours(1)}};
    constexpr std::string_view per[] = {"source", "destination", "rule"};
    std::string rate = "one each " + std::to_string(limit.interval.count()) + " ns";
    for (const auto& [unit, time] : units) {
        const auto count = limit.interval.count() == 0 ? 0 : time / limit.interval;
        if (count == 0 || time / count != limit.interval)
            continue;
        rate = std::to_string(count) + std::string(unit);
        break;
    }
    return rate + ", burst " + std::to_string(limit.burst) + ", per " +
           std::string(per[static_cast<std::size_t>(limit.per)]);
}

std::string to_text(const Explanation& explanation) {
    const Question& asked = explanation.question;
    std::string out = explanation.verdict() == Verdict::allow ? "ALLOW  " : "DENY  ";
    out += name(asked.from_plane, asked.from_service) + " -> " + destination(asked) + "  " +
           yaml::printable(asked.method) +
           (asked.tunnel() ? "" : ' ' + yaml::printable(asked.path)) + '\n';
    for (const auto& [header, value] : asked.headers)
        out += "  " + yaml::printable(header) + ": " + yaml::printable(value) + '\n';
    for (const SideExplanation& side : explanation.sides)
        add(out, side, asked);
    return out;
}

std::string to_json(const Explanation& explanation) {
    const Question& asked = explanation.question;
    std::string sides;
    for (const SideExplanation& side : explanation.sides)
        sides += (sides.empty() ? "" : ",") + json(side, asked);
    return '{' + field("verdict", word(explanation.verdict())) +
           ",\"from\":" + json(asked.from_plane, asked.from_service) + ",\"to\":" +
           (asked.external ? '{' + field("external", asked.to_service) + '}'
                           : json(asked.to_plane, asked.to_service)) +
           ',' + field("method", asked.method) + ',' + field("path", asked.path) +
           (asked.headers.empty() ? "" : ",\"headers\":" + json(asked.headers)) + ",\"sides\":[" +
           sides + "]}";
}

}  // namespace beta::acl
