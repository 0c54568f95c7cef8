#include "beta/casebook/trial.hpp"

#include "beta/acl/decision.hpp"
#include "beta/acl/explain.hpp"
#include "beta/acl/rule.hpp"
#include "beta/yaml/document.hpp"

#include <algorithm>

namespace beta::casebook {
namespace {

using acl::Direction;

acl::HeaderLines::Line line_at(const void* fields, std::size_t index) noexcept {
    const auto& header = static_cast<const Case::Header*>(fields)[index];
    return {header.name, header.value};
}

acl::Request request_of(const Case& one, Direction direction) {
    return {.direction = direction,
            .from = {one.from_plane, one.from_service},
            .to = {.plane = one.to_plane, .name = one.to_name, .external = one.external()},
            .method = one.method,
            .path = one.path,
            .headers = {one.headers.data(), one.headers.size(), line_at},
            .tunnel = one.tunnel()};
}

Answer answer_of(const acl::Decision& decision) noexcept {
    if (decision.verdict == acl::Verdict::allow)
        return Answer::allow;
    return decision.allowed() ? Answer::report : Answer::deny;
}

/// The ends at which this policy is asked about the call.
std::vector<Direction> ends(const Case& one, const acl::Policy& policy) {
    std::vector<Direction> out;
    for (const Direction direction : {Direction::egress, Direction::ingress}) {
        const auto& plane = direction == Direction::egress ? one.from_plane : one.to_plane;
        if (plane == policy.plane() && one.at.value_or(direction) == direction)
            out.push_back(direction);
    }
    return out;
}

/// "", or that the policy has no rule of the name that the case wants.
std::string unknown_rule(const Case& one, const acl::Policy& policy) {
    std::vector<std::string_view> names{"default-deny"};
    for (const acl::Rule& rule : policy.file().rules)
        names.push_back(rule.name);
    if (one.rule.empty() || std::ranges::find(names, one.rule) != names.end())
        return {};
    const std::string_view guess = yaml::nearest(one.rule, names);
    return policy.file().file_name + " has no rule \"" + yaml::printable(one.rule) + '"' +
           (guess.empty() ? "" : "; did you mean \"" + std::string(guess) + "\"?");
}

/// Within a plane the callee counts: at egress there is no limit to find.
bool limit_fits(const Case& one, const std::string& limit, Direction direction) {
    const bool counted_there = direction == Direction::egress && one.from_plane == one.to_plane;
    return one.limit.empty() || counted_there || one.limit == limit;
}

std::string differs(const Case& one, const acl::Decision& made, Direction direction) {
    const Answer got = answer_of(made);
    const std::string limit = made.limit == nullptr ? "none" : acl::to_text(*made.limit);
    const bool limited = limit_fits(one, limit, direction);
    if (got == one.decision && (one.rule.empty() || one.rule == made.rule) && limited)
        return {};
    std::string text = "wanted " + std::string(word(one.decision));
    if (!one.rule.empty())
        text += " by " + one.rule;
    if (!limited)
        text += " within limit " + yaml::printable(one.limit);
    text += "; at " + std::string(word(direction)) + " it is " + std::string(word(got)) + " by " +
            std::string(made.rule);
    return limited ? text : text + " within limit " + limit;
}

void ask(const Case& one, const acl::Policy& policy, Trial& trial, Finding& finding) {
    const auto asked = ends(one, policy);
    if (asked.empty())
        finding.fault = "neither end is for " + policy.file().file_name + " to decide";
    else
        finding.fault = unknown_rule(one, policy);
    for (const Direction direction : asked) {
        const auto made = evaluate(policy, request_of(one, direction));
        if (made.rule_id != 0)
            trial.covered.insert(made.rule_id);
        if (finding.fault.empty())
            finding.fault = differs(one, made, direction);
    }
}

}  // namespace

std::size_t Trial::failures() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(
        findings, [](const Finding& finding) { return !finding.fault.empty(); }));
}

double Trial::coverage() const noexcept {
    return rules == 0 ? 100.0
                      : 100.0 * static_cast<double>(covered.size()) / static_cast<double>(rules);
}

Trial try_out(const Casebook& book, const acl::Policy& policy) {
    Trial trial{.table = book.file_name, .policy = policy.file().file_name};
    for (const Case& one : book.cases) {
        Finding finding{.name = one.name, .line = one.line, .column = one.column};
        ask(one, policy, trial, finding);
        trial.findings.push_back(std::move(finding));
    }
    trial.rules = policy.file().rules.size();
    for (const acl::Rule& rule : policy.file().rules)
        if (!trial.covered.contains(rule.id))
            trial.missing.push_back(rule.name + " (line " + std::to_string(rule.line) + ")");
    return trial;
}

}  // namespace beta::casebook
