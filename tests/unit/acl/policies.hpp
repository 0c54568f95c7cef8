// Short ways to a policy, a request and a verdict in the tests of this folder.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/policy.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl::test {

/// A file of plane wallet with these lists.
inline std::string wallet(std::string_view lists) {
    return "apiVersion: beta.acl/v1\nplane: wallet\n" + std::string(lists);
}

inline std::shared_ptr<const Policy> policy(std::string_view yaml) {
    auto parsed = Policy::parse(yaml, "test.yaml");
    if (!parsed) {
        for (const auto& diagnostic : parsed.error())
            UNSCOPED_INFO(diagnostic.str());
        FAIL("the policy should load:\n" << yaml);
    }
    return *parsed;
}

/// "line:column code" of each error.
inline std::vector<std::string> refusals(std::string_view yaml) {
    const auto parsed = Policy::parse(yaml, "test.yaml");
    std::vector<std::string> out;
    if (!parsed)
        for (const auto& diagnostic : parsed.error())
            out.push_back(std::to_string(diagnostic.line) + ':' +
                          std::to_string(diagnostic.column) + ' ' + diagnostic.code);
    return out;
}

/// "ops/api-gateway" is a service, "ops/" a plane of which no more is known.
inline Source source(std::string_view text) {
    const std::size_t slash = text.find('/');
    return {.plane = text.substr(0, slash), .service = text.substr(slash + 1)};
}

inline Destination destination(std::string_view text) {
    const std::size_t slash = text.find('/');
    return {
        .plane = text.substr(0, slash), .name = text.substr(slash + 1), .external = false, .id = 7};
}

inline Request request(Direction direction, std::string_view from, std::string_view to,
                       std::string_view method, std::string_view path) {
    return {.direction = direction,
            .from = source(from),
            .to = destination(to),
            .method = method,
            .path = path};
}

/// The rule that decided, with a sign for its verdict: "+pays", "-default-deny", "~stays-out" for a
/// denial that is only reported. "-default-deny?pays" names the allow in mode report.
inline std::string verdict(const Policy& policy, const Request& request) {
    const Decision made = evaluate(policy, request);
    if (made.enforced != (made.allowed() == (made.verdict == Verdict::allow)))
        FAIL("a permit goes with an allow, or with a denial that is not enforced");
    const char* sign = made.verdict == Verdict::allow ? "+" : made.enforced ? "-" : "~";
    const std::string also = made.would_allow == 0 ? "" : "?";
    return sign + std::string(made.rule) +
           (also.empty() ? also : also + std::string(policy.rule_name(made.would_allow)));
}

inline std::string ingress(const Policy& policy, std::string_view from, std::string_view to,
                           std::string_view method = "GET", std::string_view path = "/x") {
    return verdict(policy, request(Direction::ingress, from, to, method, path));
}

inline std::string egress(const Policy& policy, std::string_view from, std::string_view to,
                          std::string_view method = "GET", std::string_view path = "/x") {
    return verdict(policy, request(Direction::egress, from, to, method, path));
}

}  // namespace beta::acl::test
