#include "match.hpp"

#include "beta/yaml/document.hpp"

#include "request_path.hpp"

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

/// A service that is not known satisfies no allow that names services and every deny that does.
bool has_source(const Rule& rule, std::string_view service) {
    if (rule.from.services.empty())
        return true;
    if (service.empty())
        return rule.verdict == Verdict::deny;
    return std::ranges::find(rule.from.services, service) != rule.from.services.end();
}

bool has_destination(const Rule& rule, std::string_view name) {
    return rule.to.services.empty() ||
           std::ranges::find(rule.to.services, name) != rule.to.services.end();
}

bool has_method(const Rule& rule, std::string_view method) {
    return rule.methods.empty() || std::ranges::find(rule.methods, method) != rule.methods.end();
}

bool has_path(const Rule& rule, std::string_view path) {
    if (rule.paths.empty()) {
        RequestPath any;
        return any.split(path);
    }
    return std::ranges::any_of(rule.paths, [&](const auto& one) { return one.matches(path); });
}

std::string is_not(std::string_view what, std::string_view given, const std::string& wanted) {
    return std::string(what) + " is " + yaml::printable(given) + ", not " + wanted;
}

}  // namespace

std::string_view unanswerable(const PolicyFile& file, const Request& request) noexcept {
    const bool egress = request.direction == Direction::egress;
    if ((egress ? request.from.plane : request.to.plane) != file.plane)
        return "the side that this file decides for is not of its plane";
    if (request.from.plane.empty() || request.to.name.empty() || request.method.empty())
        return "the request names no source plane, destination or method";
    if (request.to.external || request.to.plane.empty())
        return "no rule allows an external host";
    return {};
}

std::vector<Part> misfits(const Rule& rule, const Request& request) {
    std::vector<Part> out;
    const auto check = [&out](bool fits, Part part) {
        if (!fits)
            out.push_back(part);
    };
    check(rule.from.has_plane(request.from.plane), Part::source_plane);
    check(has_source(rule, request.from.service), Part::source_service);
    check(rule.to.has_plane(request.to.plane), Part::destination_plane);
    check(has_destination(rule, request.to.name), Part::destination_service);
    check(has_method(rule, request.method), Part::method);
    check(has_path(rule, request.path), Part::path);
    return out;
}

std::string sentence(Part part, const Rule& rule, const Request& request) {
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
        case Part::method:
            return is_not("method", request.method, listed(rule.methods));
        case Part::path:
            if (rule.paths.empty())
                return "path is not canonical";
            return is_not("path", request.path,
                          listed(rule.paths, [](const PathPattern& path) { return path.str(); }));
    }
    return {};
}

}  // namespace beta::acl
