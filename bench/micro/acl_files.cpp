#include "acl_files.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace beta::bench {
namespace {

constexpr std::size_t questions = 64;
constexpr std::string_view tenant = "x-tenant";

acl::Rule make_rule(const Case& what, std::size_t index) {
    const auto number = std::to_string(index);
    acl::Rule rule;
    rule.id = static_cast<std::uint32_t>(index + 1);
    rule.name = "rule-" + number;
    rule.verdict = index % 10 == 7 ? acl::Verdict::deny : acl::Verdict::allow;
    rule.from.plane = "ops";
    rule.from.services = {"api-gateway"};
    rule.to.plane = "wallet";
    rule.to.services = {"service-" + std::to_string(index % what.services)};
    if (what.whole_language && index % 20 == 3) {
        rule.to = {};
        rule.to.external = {"host-" + number};
    }
    if (what.whole_language)
        rule.headers = {{.name = std::string(tenant), .values = {"tenant-" + number}}};
    if (what.whole_language && index % 50 == 11)
        rule.mode = acl::Mode::report;
    if (what.whole_language && index % 2 == 0) {
        rule.operations = {index % 5};
        return rule;
    }
    rule.methods = {"GET", "POST"};
    const auto path = "/api/v1/things-" + number + (index % 3 == 0 ? "/**" : "/*");
    rule.paths = {*acl::PathPattern::parse(path)};
    return rule;
}

std::string yaml_of(const acl::Rule& rule) {
    std::string out = "  - name: " + rule.name + "\n    from: { services: [api-gateway] }\n";
    if (rule.to.external.empty())
        out += "    to: { plane: wallet, services: [" + rule.to.services.front() + "] }\n";
    else
        out += "    to: { external: [" + rule.to.external.front() + "] }\n";
    if (!rule.operations.empty())
        out += "    operations: [op-" + std::to_string(rule.operations.front()) + "]\n";
    else
        out += "    methods: [GET, POST]\n    paths: [\"" + rule.paths.front().str() + "\"]\n";
    if (!rule.headers.empty())
        out +=
            "    when: { headers: { x-tenant: [" + rule.headers.front().values.front() + "] } }\n";
    if (!rule.headers.empty() && rule.verdict == acl::Verdict::allow)
        out += "    limit: { rate: 100/min, burst: 20, per: source }\n";
    if (rule.mode == acl::Mode::report)
        out += "    mode: report\n";
    return out;
}

std::string make_operations(File& file) {
    std::string out = "operations:\n";
    for (std::size_t i = 0; i < 5; ++i) {
        const auto number = std::to_string(i);
        out.append("  op-").append(number).append(": { methods: [GET, PUT], paths: [/api/v1/op-");
        out.append(number).append("/*] }\n");
        file.operations.push_back(
            {.name = "op-" + number,
             .methods = {"GET", "PUT"},
             .paths = {*acl::PathPattern::parse("/api/v1/op-" + number + "/*")},
             .line = 0});
    }
    return out;
}

acl::HeaderLines::Line line_at(const void* fields, std::size_t index) noexcept {
    return static_cast<const acl::HeaderLines::Line*>(fields)[index];
}

/// Requests that match rules all over the file, and every fourth that matches none.
void make_requests(File& file) {
    for (std::size_t i = 0; i < questions; ++i) {
        const acl::Rule& rule = file.rules[i * 2654435761u % file.rules.size()];
        const auto keep = [&file](std::string text) -> std::string_view {
            return file.words.emplace_back(std::move(text));
        };
        const bool miss = i % 4 == 3;
        const auto pattern = rule.operations.empty()
                                 ? rule.paths.front().str()
                                 : file.operations[rule.operations.front()].paths.front().str();
        const std::string path = pattern.substr(0, pattern.find('*')) + (miss ? "a/b" : "a");
        acl::Request asked{.direction = acl::Direction::egress,
                           .from = {.plane = "ops", .service = "api-gateway"},
                           .to = {},
                           .method = "GET",
                           .path = keep(path)};
        asked.to.external = !rule.to.external.empty();
        asked.to.plane = asked.to.external ? "" : "wallet";
        asked.to.name = asked.to.external ? rule.to.external.front() : rule.to.services.front();
        if (!rule.headers.empty()) {
            const auto& line = file.headers.emplace_back(
                acl::HeaderLines::Line{"X-Tenant", rule.headers.front().values.front()});
            asked.headers = {.fields = &line, .count = 1, .at = line_at};
        }
        file.requests.push_back(asked);
    }
}

bool has(const std::vector<std::string>& list, std::string_view word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

bool is_about(const std::vector<std::string>& methods, const std::vector<acl::PathPattern>& paths,
              const acl::Request& request) {
    return has(methods, request.method) &&
           std::any_of(paths.begin(), paths.end(),
                       [&](const auto& path) { return path.matches(request.path); });
}

bool matches(const File& file, const acl::Rule& rule, const acl::Request& request) {
    if (request.to.external == rule.to.external.empty() ||
        !has(request.to.external ? rule.to.external : rule.to.services, request.to.name))
        return false;
    if (!rule.from.has_plane(request.from.plane) || !has(rule.from.services, request.from.service))
        return false;
    for (const auto& condition : rule.headers)
        if (request.headers.count == 0 ||
            !has(condition.values, request.headers.at(request.headers.fields, 0).value))
            return false;
    if (rule.operations.empty())
        return is_about(rule.methods, rule.paths, request);
    const acl::Operation& operation = file.operations[rule.operations.front()];
    return is_about(operation.methods, operation.paths, request);
}

}  // namespace

File make_file(const Case& what) {
    File file;
    std::array<std::string, 2> lists{"allow:\n", "deny:\n"};
    file.yaml = "apiVersion: beta.acl/v1\nplane: ops\n";
    if (what.whole_language)
        file.yaml += make_operations(file);
    for (std::size_t i = 0; i < what.rules; ++i) {
        file.rules.push_back(make_rule(what, i));
        const auto& rule = file.rules.back();
        lists[static_cast<std::size_t>(rule.verdict)] += yaml_of(rule);
    }
    file.yaml += lists[0] + (lists[1].size() > 6 ? lists[1] : "");
    make_requests(file);
    return file;
}

std::string_view scan(const File& file, const acl::Request& request) {
    std::string_view allowed = "default-deny";
    for (const auto& rule : file.rules) {
        if (rule.mode == acl::Mode::report || !matches(file, rule, request))
            continue;
        if (rule.verdict == acl::Verdict::deny)
            return rule.name;
        if (allowed == "default-deny")
            allowed = rule.name;
    }
    return allowed;
}

}  // namespace beta::bench
