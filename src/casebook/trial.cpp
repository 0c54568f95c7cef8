#include "beta/casebook/trial.hpp"

#include "beta/acl/decision.hpp"
#include "beta/acl/rule.hpp"

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

std::string_view word(Direction direction) noexcept {
    return direction == Direction::egress ? "egress" : "ingress";
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

std::string differs(const Case& one, const acl::Decision& made, Direction direction) {
    const Answer got = answer_of(made);
    if (got == one.decision && (one.rule.empty() || one.rule == made.rule))
        return {};
    std::string text = "wanted " + std::string(word(one.decision));
    if (!one.rule.empty())
        text += " by " + one.rule;
    return text + "; at " + std::string(word(direction)) + " it is " + std::string(word(got)) +
           " by " + std::string(made.rule);
}

void ask(const Case& one, const acl::Policy& policy, Trial& trial, Finding& finding) {
    const auto asked = ends(one, policy);
    if (asked.empty())
        finding.fault = "neither end is for " + policy.file().file_name + " to decide";
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
