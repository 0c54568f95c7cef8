#include "beta/acl/explain.hpp"

#include "beta/acl/rule.hpp"

#include "match.hpp"

#include <algorithm>
#include <tuple>

namespace beta::acl {
namespace {

/// How far a rule is from matching: who calls whom weighs more than what is asked, because a rule
/// between other planes is seldom the one that its writer had in mind.
int weight(Part part) noexcept {
    switch (part) {
        case Part::source_plane:
        case Part::destination_plane:
        case Part::external:
        case Part::tunnel:
            return 4;
        case Part::source_service:
        case Part::destination_service:
            return 2;
        case Part::method:
        case Part::path:
        case Part::operation:
        case Part::headers:
            return 1;
    }
    return 0;
}

struct Miss {
    int distance = 0;
    const Rule* rule = nullptr;
};

int distance(const PolicyFile& file, const Rule& rule, const Request& request) {
    int sum = 0;
    for (const Part part : misfits(file, rule, request))
        sum += weight(part);
    return sum;
}

Candidate candidate(const PolicyFile& file, const Rule& rule, const Request& request) {
    Candidate out{.rule_id = rule.id,
                  .rule = rule.name,
                  .verdict = rule.verdict,
                  .line = rule.line,
                  .reported = is_reported(file, rule),
                  .lacks = {}};
    for (const Part part : misfits(file, rule, request))
        out.lacks.push_back(sentence(part, file, rule, request));
    return out;
}

/// An allow comes before a deny of the same distance: one asks why nothing allows.
void add_others(SideExplanation& side, const PolicyFile& file, const Request& request,
                std::size_t most) {
    std::vector<Miss> misses;
    for (const Rule& rule : file.rules)
        if (rule.id != side.rule_id)
            misses.push_back({.distance = distance(file, rule, request), .rule = &rule});
    std::ranges::sort(misses, {}, [](const Miss& miss) {
        return std::tuple(miss.distance, miss.rule->verdict == Verdict::deny, miss.rule->id);
    });
    const std::size_t shown = std::min(most, misses.size());
    for (std::size_t i = 0; i < shown; ++i)
        side.others.push_back(candidate(file, *misses[i].rule, request));
    side.left_out = misses.size() - shown;
}

SideExplanation explain(const Policy& policy, const Request& request, std::size_t most) {
    const PolicyFile& file = policy.file();
    const Decision made = evaluate(policy, request);
    SideExplanation side;
    side.direction = request.direction;
    side.file = file.file_name;
    side.plane = file.plane;
    side.verdict = made.verdict;
    side.enforced = made.enforced;
    side.rule_id = made.rule_id;
    side.rule = made.rule;
    side.reason = made.reason;
    side.line = made.rule_id == 0 ? 0 : file.rule(made.rule_id).line;
    if (made.would_allow != 0)
        side.would_allow = policy.rule_name(made.would_allow);
    if (made.limit != nullptr)
        side.limit = to_text(*made.limit);
    if (unanswerable(file, request).empty())
        add_others(side, file, request, most);
    return side;
}

HeaderLines::Line line_at(const void* fields, std::size_t index) noexcept {
    const auto& headers = *static_cast<const std::vector<Question::Header>*>(fields);
    return {.name = headers[index].name, .value = headers[index].value};
}

}  // namespace

Verdict Explanation::verdict() const noexcept {
    const bool allowed = !sides.empty() &&
                         std::ranges::all_of(sides, [](const auto& side) { return side.passes(); });
    return allowed ? Verdict::allow : Verdict::deny;
}

Explanation explain(const Policy* egress, const Policy* ingress, const Question& question,
                    std::size_t most_others) {
    Explanation out;
    out.question = question;
    Request request{
        .direction = Direction::egress,
        .from = {.plane = question.from_plane, .service = question.from_service},
        .to = {.plane = question.to_plane,
               .name = question.to_service,
               .external = question.external},
        .method = question.method,
        .path = question.tunnel() ? std::string_view() : question.path,
        .headers = {.fields = &question.headers, .count = question.headers.size(), .at = line_at},
        .tunnel = question.tunnel()};
    if (egress != nullptr)
        out.sides.push_back(explain(*egress, request, most_others));
    request.direction = Direction::ingress;
    if (question.known_by == model::KnownBy::listener)
        request.from.service = {};
    if (ingress != nullptr)
        out.sides.push_back(explain(*ingress, request, most_others));
    return out;
}

}  // namespace beta::acl
