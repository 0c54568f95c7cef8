// What a rule lacks, in words.
#include "beta/yaml/document.hpp"

#include "header_values.hpp"
#include "match.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

constexpr std::size_t most_shown = 5;

template <class List, class Name>
std::string listed(const List& list, Name name) {
    std::string out;
    for (std::size_t i = 0; i < list.size() && i < most_shown; ++i)
        out += (i == 0 ? "" : ", ") + name(list[i]);
    if (list.size() > most_shown)
        out += " or " + std::to_string(list.size() - most_shown) + " more";
    return out;
}

std::string listed(const std::vector<std::string>& list) {
    return listed(list, [](const std::string& word) { return word; });
}

std::string is_not(std::string_view what, std::string_view given, const std::string& wanted) {
    return std::string(what) + " is " + yaml::printable(given) + ", not " + wanted;
}

std::string operations(const PolicyFile& file, const Rule& rule) {
    return listed(rule.operations,
                  [&file](std::size_t number) { return file.operations[number].name; });
}

std::string about_external(const Rule& rule, const Request& request) {
    const std::string name = yaml::printable(request.to.name);
    if (!request.to.external)
        return "destination is the service " + name + ", not the external " +
               listed(rule.to.external);
    if (!rule.to.external.empty())
        return is_not("external host", request.to.name, listed(rule.to.external));
    return "destination is the external host " + name + ", and the rule names no external host";
}

std::string about_tunnel(const Request& request) {
    return request.tunnel ? "CONNECT needs tunnel: true, which the rule does not say"
                          : "the rule allows a tunnel (CONNECT) and nothing else";
}

std::string about_path(const Rule& rule, const Request& request) {
    if (request.tunnel)
        return "a tunnel has no path, and the rule names some";
    if (rule.paths.empty())
        return "path is not canonical";
    return is_not("path", request.path,
                  listed(rule.paths, [](const PathPattern& path) { return path.str(); }));
}

std::string about_operation(const PolicyFile& file, const Rule& rule, const Request& request) {
    std::string asked = yaml::printable(request.method);
    if (!request.tunnel)
        asked += ' ' + yaml::printable(request.path);
    return asked + " is not the operation " + operations(file, rule);
}

/// The values that were given, for the first condition that does not hold.
std::string about_headers(const Rule& rule, const Request& request) {
    const auto failed = std::ranges::find_if(
        rule.headers, [&](const auto& one) { return !holds(one, rule.verdict, request.headers); });
    if (failed == rule.headers.end())
        return {};
    std::string given;
    for (std::size_t i = 0; i < request.headers.count; ++i) {
        const auto line = request.headers.at(request.headers.fields, i);
        if (is_header(failed->name, line.name))
            given += (given.empty() ? "" : ", ") + yaml::printable(line.value);
    }
    return given.empty()
               ? "header " + failed->name + " is absent, not " + listed(failed->values)
               : "header " + failed->name + " is " + given + ", not " +
                     (rule.verdict == Verdict::allow ? "only " : "") + listed(failed->values);
}

}  // namespace

std::string sentence(Part part, const PolicyFile& file, const Rule& rule, const Request& request) {
    switch (part) {
        case Part::source_plane:
            return is_not("source plane", request.from.plane, rule.from.plane);
        case Part::source_service:
            if (request.from.service.empty())
                return "only the source's plane is known here, and the rule names " +
                       listed(rule.from.services);
            return is_not("source", request.from.service, listed(rule.from.services));
        case Part::destination_plane:
            return is_not("destination plane", request.to.plane, rule.to.plane);
        case Part::destination_service:
            return is_not("destination", request.to.name, listed(rule.to.services));
        case Part::external:
            return about_external(rule, request);
        case Part::tunnel:
            return about_tunnel(request);
        case Part::method:
            return is_not("method", request.method, listed(rule.methods));
        case Part::path:
            return about_path(rule, request);
        case Part::operation:
            return about_operation(file, rule, request);
        case Part::headers:
            return about_headers(rule, request);
    }
    return {};
}

}  // namespace beta::acl
