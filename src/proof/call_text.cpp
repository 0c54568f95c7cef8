#include "call_text.hpp"

#include "beta/yaml/document.hpp"

namespace beta::proof {
namespace {

/// Paths are shown whole, however long: they are examples to try.
std::string path_text(const std::string& path) {
    std::string out;
    for (std::size_t at = 0; at < path.size(); at += 64)
        out += yaml::printable(std::string_view(path).substr(at, 64));
    return out;
}

std::string line_of(const SideAnswer& side) {
    const std::string start =
        side.side == acl::Direction::egress ? "    egress   " : "    ingress  ";
    if (side.file.empty())
        return start + (side.passes ? "passes: no file of plane " + side.plane +
                                          " was given, so nothing is known to stop it\n"
                                    : "denied: no file of plane " + side.plane +
                                          " was given, so nothing is known to let it pass\n");
    const bool reported = side.passes && side.verdict == acl::Verdict::deny;
    return start + (side.passes ? "passes by " : "denied by ") + side.rule + " (" + side.file +
           (side.line == 0 ? "" : ':' + std::to_string(side.line)) + ')' +
           (reported ? ": a denial that mode: report does not enforce\n"
                     : ": " + side.reason + '\n');
}

}  // namespace

std::string text_of(const Call& call) {
    const auto shown = [](const std::string& bytes) { return yaml::printable(bytes); };
    std::string out = shown(call.from_plane) + '/' +
                      (call.from_service.empty() ? "?" : shown(call.from_service)) + " -> " +
                      (call.external() ? "external " : shown(call.to_plane) + '/') +
                      shown(call.to_name) + "  " + shown(call.method) +
                      (call.tunnel ? " (tunnel)" : ' ' + path_text(call.path));
    for (const auto& [name, value] : call.headers)
        out += "  " + name + ": " + yaml::printable(value);
    if (!call.callee_knows_service)
        out += "  (the callee knows the caller's plane alone)";
    return out;
}

std::string text_of(const std::vector<SideAnswer>& sides) {
    std::string out;
    for (const SideAnswer& side : sides)
        out += line_of(side);
    return out;
}

std::string json_field(std::string_view key, std::string_view text) {
    return json_text(key) + ':' + json_text(text);
}

std::string json_of(const Call& call) {
    std::string headers;
    for (const auto& [name, value] : call.headers)
        headers += (headers.empty() ? "[" : ",[") + json_text(name) + ',' + json_text(value) + ']';
    return "{\"from\":{" + json_field("plane", call.from_plane) + ',' +
           json_field("service", call.from_service) + "},\"to\":{" +
           (call.external()
                ? json_field("external", call.to_name)
                : json_field("plane", call.to_plane) + ',' + json_field("service", call.to_name)) +
           "}," + json_field("method", call.method) + ',' + json_field("path", call.path) +
           ",\"headers\":[" + headers + "],\"tunnel\":" + (call.tunnel ? "true" : "false") +
           ",\"callee_knows_service\":" + (call.callee_knows_service ? "true" : "false") + '}';
}

std::string json_of(const std::vector<SideAnswer>& sides) {
    std::string list;
    for (const SideAnswer& side : sides)
        list += (list.empty() ? "{" : ",{") + json_field("direction", word(side.side)) + ',' +
                json_field("plane", side.plane) + ',' + json_field("file", side.file) +
                ",\"line\":" + std::to_string(side.line) +
                ",\"passes\":" + (side.passes ? "true" : "false") + ',' +
                json_field("verdict", word(side.verdict)) + ',' + json_field("rule", side.rule) +
                ',' + json_field("reason", side.reason) + '}';
    return '[' + list + ']';
}

}  // namespace beta::proof
