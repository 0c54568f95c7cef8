#include "beta/manifest/checklist.hpp"

#include "beta/yaml/document.hpp"

#include "checks.hpp"

#include <algorithm>

namespace beta::manifest {
namespace {

/// A check that the engine has no words for is none.
template <class Row>
bool begin(const Row& row, Engine engine, Checks& checks) {
    const auto remedy = engine == Engine::compose ? row.compose : row.kubernetes;
    if (remedy.empty())
        return false;
    checks.push_back({.list = row.list,
                      .code = std::string(row.code),
                      .sentence = std::string(row.sentence),
                      .remedy = std::string(remedy)});
    return true;
}

void run(std::span<const ContainerCheck> table, const Deployment& deployment, Checks& checks) {
    for (const auto& row : table) {
        if (!begin(row, deployment.engine, checks))
            continue;
        for (const Container& container : deployment.containers)
            if (auto finding = row.judge(container); !finding.subject.empty())
                checks.back().findings.push_back(std::move(finding));
    }
}

void run(std::span<const WholeCheck> table, const Deployment& deployment, Checks& checks) {
    for (const auto& row : table)
        if (begin(row, deployment.engine, checks))
            row.judge(deployment, checks.back().findings);
}

}  // namespace

std::string_view title(List list) noexcept {
    switch (list) {
        case List::process:
            return "Image and process hardening";
        case List::planes:
            return "Planes and networks";
        case List::policy:
            return "Policy";
        case List::operations:
            return "Operations";
    }
    return "";
}

std::size_t Check::failures() const noexcept {
    return static_cast<std::size_t>(std::ranges::count(findings, false, &Finding::passed));
}

Checks verify(const Deployment& deployment) {
    Checks checks;
    run(process_checks(), deployment, checks);
    run(plane_checks(), deployment, checks);
    run(mount_checks(), deployment, checks);
    run(operation_checks(), deployment, checks);
    if (deployment.engine == Engine::kubernetes) {
        run(kubernetes_checks(), deployment, checks);
        run(door_checks(), deployment, checks);
    }
    return checks;
}

bool all_pass(const Checks& checks) noexcept {
    return std::ranges::all_of(checks, [](const Check& check) { return check.failures() == 0; });
}

bool is_same_service(const Container& a, const Container& b) {
    return a.label("plane").value == b.label("plane").value &&
           a.label("service").value == b.label("service").value;
}

std::string told(std::string_view key, const Fact& fact) {
    if (!fact.given)
        return std::string(key) + " is not written";
    return std::string(key) + " is \"" + yaml::printable(fact.value) + '"';
}

bool is(const Fact& fact, std::string_view word) noexcept {
    return fact.given && fact.value == word;
}

}  // namespace beta::manifest
