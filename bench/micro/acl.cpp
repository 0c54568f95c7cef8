// bench_acl: one decision by the compiled index beside a scan of all rules, for growing files.
//
// Also the time to load such a file, and the memory that it takes. Both ways must agree.
#include "beta/acl/decision.hpp"
#include "beta/acl/policy.hpp"
#include "beta/acl/rule.hpp"

#include "stopwatch.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beta::bench {
namespace {

struct File {
    std::string yaml;
    std::vector<acl::Rule> rules;  // the same, for the scan
};

/// One rule in ten denies; half name the same service and other paths, half other services.
acl::Rule make_rule(std::size_t index) {
    const auto number = std::to_string(index);
    acl::Rule rule;
    rule.id = static_cast<std::uint32_t>(index + 1);
    rule.name = "rule-" + number;
    rule.verdict = index % 10 == 7 ? acl::Verdict::deny : acl::Verdict::allow;
    rule.from.plane = "ops";
    rule.from.services = {"api-gateway"};
    rule.to.plane = "wallet";
    rule.to.services = {index % 2 == 0 ? "tron-payment" : "service-" + number};
    rule.methods = {"GET", "POST"};
    const auto path = "/api/v1/things-" + number + (index % 3 == 0 ? "/**" : "/*");
    rule.paths = {*acl::PathPattern::parse(path)};
    return rule;
}

std::string yaml_of(const acl::Rule& rule) {
    return "  - name: " + rule.name +
           "\n    from: { services: [api-gateway] }\n    to: { plane: " + rule.to.plane +
           ", services: [" + rule.to.services.front() +
           "] }\n    methods: [GET, POST]\n    paths: [\"" + rule.paths.front().str() + "\"]\n";
}

File make_file(std::size_t count) {
    File file;
    std::string allows = "allow:\n";
    std::string denies = "deny:\n";
    for (std::size_t i = 0; i < count; ++i) {
        file.rules.push_back(make_rule(i));
        const auto& rule = file.rules.back();
        (rule.verdict == acl::Verdict::allow ? allows : denies) += yaml_of(rule);
    }
    file.yaml = "apiVersion: beta.acl/v1\nplane: ops\n" + allows + denies;
    return file;
}

bool has(const std::vector<std::string>& list, std::string_view word) {
    return list.empty() || std::find(list.begin(), list.end(), word) != list.end();
}

bool matches(const acl::Rule& rule, const acl::Request& request) {
    return rule.from.has_plane(request.from.plane) && rule.to.has_plane(request.to.plane) &&
           has(rule.from.services, request.from.service) &&
           has(rule.to.services, request.to.name) && has(rule.methods, request.method) &&
           std::any_of(rule.paths.begin(), rule.paths.end(),
                       [&](const auto& path) { return path.matches(request.path); });
}

std::string_view scan(const std::vector<acl::Rule>& rules, const acl::Request& request) {
    std::string_view allowed = "default-deny";
    for (const auto& rule : rules) {
        if (!matches(rule, request))
            continue;
        if (rule.verdict == acl::Verdict::deny)
            return rule.name;
        if (allowed == "default-deny")
            allowed = rule.name;
    }
    return allowed;
}

/// Requests that match rules all over the file, and every fourth that matches none.
struct Questions {
    std::vector<std::string> paths;
    std::vector<std::string> services;
    std::vector<acl::Request> requests;
};

std::unique_ptr<Questions> make_questions(std::size_t rule_count) {
    constexpr std::size_t count = 64;
    auto made = std::make_unique<Questions>();
    made->paths.reserve(count);
    made->services.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto index = i * 2654435761u % rule_count;
        const auto number = std::to_string(index);
        const std::string_view last = i % 4 == 3 ? "/a/b" : "/a";
        made->paths.push_back("/api/v1/things-" + number + std::string(last));
        made->services.push_back(index % 2 == 0 ? "tron-payment" : "service-" + number);
        made->requests.push_back({.direction = acl::Direction::egress,
                                  .from = {"ops", "api-gateway"},
                                  .to = {"wallet", made->services.back(), false, 0},
                                  .method = "GET",
                                  .path = made->paths.back()});
    }
    return made;
}

bool row(std::size_t count, bool quick) {
    const auto file = make_file(count);
    const auto before = ::mallinfo2().uordblks;
    const auto begun = cpu_nanoseconds();
    const auto policy = acl::Policy::parse(file.yaml, "bench.yaml");
    const auto load = cpu_nanoseconds() - begun;
    const auto bytes = ::mallinfo2().uordblks - before;
    if (!policy) {
        std::fprintf(stderr, "bench_acl: %s\n", policy.error().front().message.c_str());
        return false;
    }
    const auto questions = make_questions(count);
    for (const auto& request : questions->requests)
        if (acl::evaluate(**policy, request).rule != scan(file.rules, request)) {
            std::fprintf(stderr, "bench_acl: two answers for %s\n", request.path.data());
            return false;
        }
    std::size_t turn = 0;
    const auto next = [&]() -> const acl::Request& { return questions->requests[turn++ % 64]; };
    const auto found = compare([&] { keep(acl::evaluate(**policy, next())); },
                               [&] { keep(scan(file.rules, next())); }, quick);
    std::printf("%7zu %12.0f %12.0f %10.4f %10.2f %12.0f\n", count, found.ours, found.baseline,
                found.ratio, load / 1e6, static_cast<double>(bytes) / 1024);
    return true;
}

}  // namespace
}  // namespace beta::bench

using beta::bench::row;

int main(int argc, char** argv) {
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    std::puts(
        "acl: one decision by the index, and by a scan of all rules\n"
        "  rules     index ns      scan ns      ratio    load ms   memory KiB");
    for (const std::size_t count : {10u, 100u, 1'000u, 10'000u})
        if ((!quick || count < 10'000) && !row(count, quick))
            return 1;
}
