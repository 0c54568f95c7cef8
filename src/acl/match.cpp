#include "match.hpp"

#include "beta/yaml/document.hpp"

#include "header_values.hpp"
#include "request_path.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

bool is_among(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// A service that is not known satisfies no allow that names services and every deny that does.
bool has_source(const Rule& rule, std::string_view service) {
    if (rule.from.services.empty())
        return true;
    if (service.empty())
        return rule.verdict == Verdict::deny;
    return is_among(rule.from.services, service);
}

/// A host outside is of no plane, not even of "*": only a deny of everything is about it too.
bool has_external(const Rule& rule, std::string_view host) {
    if (!rule.to.external.empty())
        return is_among(rule.to.external, host);
    return rule.verdict == Verdict::deny && rule.to.any_plane && rule.to.services.empty();
}

bool has_method(const std::vector<std::string>& methods, std::string_view method) {
    return methods.empty() || is_among(methods, method);
}

/// A tunnel has no path: what names one is not about it.
bool has_path(const std::vector<PathPattern>& paths, const Request& request) {
    if (request.tunnel)
        return paths.empty();
    if (paths.empty()) {
        RequestPath any;
        return any.split(request.path);
    }
    return std::ranges::any_of(paths, [&](const auto& one) { return one.matches(request.path); });
}

bool has_operation(const PolicyFile& file, const Rule& rule, const Request& request) {
    return std::ranges::any_of(rule.operations, [&](std::size_t number) {
        const Operation& operation = file.operations[number];
        return has_method(operation.methods, request.method) && has_path(operation.paths, request);
    });
}

}  // namespace

std::string_view unanswerable(const PolicyFile& file, const Request& request) noexcept {
    const bool egress = request.direction == Direction::egress;
    if (request.from.plane.empty() || request.to.name.empty() || request.method.empty())
        return "the request names no source plane, destination or method";
    if (request.to.external != request.to.plane.empty())
        return "the destination is neither a service of a plane nor a host outside";
    if (request.to.external && !egress)
        return "a host outside is no destination of what comes in";
    if ((egress ? request.from.plane : request.to.plane) != file.plane)
        return "the side that this file decides for is not of its plane";
    if (request.tunnel != (request.method == "CONNECT"))
        return "CONNECT asks for a tunnel, and nothing else does";
    if (request.tunnel && !request.to.external)
        return "a tunnel leads to an external host only";
    return {};
}

std::vector<Part> misfits(const PolicyFile& file, const Rule& rule, const Request& request) {
    std::vector<Part> out;
    const auto check = [&out](bool fits, Part part) {
        if (!fits)
            out.push_back(part);
    };
    check(rule.from.has_plane(request.from.plane), Part::source_plane);
    check(has_source(rule, request.from.service), Part::source_service);
    if (request.to.external) {
        check(has_external(rule, request.to.name), Part::external);
    } else if (!rule.to.external.empty()) {
        check(false, Part::external);
    } else {
        check(rule.to.has_plane(request.to.plane), Part::destination_plane);
        check(rule.to.services.empty() || is_among(rule.to.services, request.to.name),
              Part::destination_service);
    }
    if (rule.verdict == Verdict::allow && rule.tunnel != request.tunnel) {
        check(false, Part::tunnel);
    } else if (!rule.operations.empty()) {
        check(has_operation(file, rule, request), Part::operation);
    } else {
        check(has_method(rule.methods, request.method), Part::method);
        check(has_path(rule.paths, request), Part::path);
    }
    check(std::ranges::all_of(
              rule.headers,
              [&](const auto& one) { return holds(one, rule.verdict, request.headers); }),
          Part::headers);
    return out;
}

bool is_reported(const PolicyFile& file, const Rule& rule) noexcept {
    if (rule.mode == Mode::report)
        return true;
    return file.mode == Mode::report && rule.verdict == Verdict::deny;
}

Outcome scan(const PolicyFile& file, const Request& request) {
    Outcome found;
    for (const Rule& rule : file.rules) {
        if (!misfits(file, rule, request).empty())
            continue;
        const bool denies = rule.verdict == Verdict::deny;
        const auto kind = is_reported(file, rule)
                              ? (denies ? &Outcome::reported_deny : &Outcome::reported_allow)
                              : (denies ? &Outcome::deny : &Outcome::allow);
        found.*kind = std::min(found.*kind, rule.id);
    }
    return found;
}

}  // namespace beta::acl
