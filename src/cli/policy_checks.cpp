#include "policy_checks.hpp"

#include "beta/acl/rule.hpp"
#include "beta/casebook/trial.hpp"
#include "beta/proof/prove.hpp"
#include "beta/yaml/document.hpp"

#include "invariant_file.hpp"
#include "policy_files.hpp"

#include <set>
#include <utility>

namespace beta::cli {
namespace {

using manifest::Check;
using manifest::Container;
using manifest::Finding;
using manifest::Role;

Check check(const char* code, const char* sentence, const char* remedy) {
    return {.list = manifest::List::policy, .code = code, .sentence = sentence, .remedy = remedy};
}

void add_problems(const model::Diagnostics& problems, Check& to) {
    for (const auto& problem : problems)
        to.findings.push_back({problem.code, false, problem.message, {problem.file, problem.line}});
}

std::string service_of(const Container& sidecar) {
    return sidecar.label("plane").value + '/' + sidecar.label("service").value;
}

/// Each plane on which there is a sidecar, with the place that says so.
Check planes(const proof::Policies& policies, const manifest::Deployment& deployment) {
    auto out =
        check("PLANE_POLICY", "every plane has its policy, which denies what it does not allow",
              "write acl/<plane>.yaml, or name its folder by --acl");
    std::set<std::string> seen;
    for (const Container& c : deployment.containers) {
        const auto plane = c.label("plane");
        if (c.role != Role::sidecar || !seen.insert(plane.value).second)
            continue;
        const auto* const policy = proof::of_plane(policies, plane.value);
        if (policy == nullptr)
            out.findings.push_back(
                {plane.value, false, "no file is the policy of this plane", plane.place});
        else
            out.findings.push_back({plane.value, true, "is there", {policy->file().file_name, 0}});
    }
    return out;
}

Check directory(const proof::Names& names, const std::string& file,
                const manifest::Deployment& deployment) {
    auto out = check("DIRECTORY", "every service is in the directory, on the plane that it runs on",
                     "make the directory and the labels agree; --services names the directory");
    for (const Container& c : deployment.containers) {
        if (c.role != Role::sidecar || !names.known)
            continue;
        const auto known = names.services.find(c.label("service").value);
        const bool there = known != names.services.end();
        const bool same = there && known->second == c.label("plane").value;
        out.findings.push_back({service_of(c), same,
                                same    ? "as in " + file
                                : there ? file + " has it on plane " + known->second
                                        : "is not in " + file,
                                c.label("service").place});
    }
    return out;
}

Check tables(const proof::Policies& policies) {
    auto out = check("POLICY_TABLES", "the policies decide the cases of their tables as written",
                     "run `beta-sidecar acl test` for the cases; mend the policy or the table");
    for (const auto& policy : policies) {
        const auto table = table_beside(*policy);
        if (!table)
            continue;
        if (!table->book) {
            add_problems(table->book.error(), out);
            continue;
        }
        const auto trial = casebook::try_out(*table->book, *policy);
        bool passed = true;
        for (const auto& finding : trial.findings) {
            if (finding.fault.empty())
                continue;
            passed = false;
            out.findings.push_back(
                {finding.name, false, finding.fault, {table->file, finding.line}});
        }
        if (passed)
            out.findings.push_back({std::string(policy->plane()),
                                    true,
                                    std::to_string(trial.findings.size()) + " cases pass",
                                    {table->file, 0}});
    }
    return out;
}

Check invariants(const PolicyPlaces& places, const proof::Policies& policies,
                 const proof::Names& names) {
    auto out = check("INVARIANTS", "the invariants over all policies are proved",
                     "run `beta-sidecar acl prove` for a call that breaks it, and the rules of it");
    const auto file = invariant_file(places.invariants, places.places);
    const auto read = read_invariants(file, policies, names);
    if (!read) {
        add_problems(read.error(), out);
        return out;
    }
    for (const auto& invariant : read->list) {
        const auto proof = proof::prove(invariant, policies, names, read->known_by);
        const bool proved = proof.status == proof::Proof::Status::proved;
        out.findings.push_back({invariant.name,
                                proved,
                                proved ? "is proved" : "is not proved",
                                {file, invariant.line}});
    }
    if (read->list.empty())
        out.findings.push_back({file, false, "states nothing", {file, 0}});
    return out;
}

}  // namespace

manifest::Checks policy_checks(const PolicyPlaces& places, const manifest::Deployment& deployment) {
    model::Diagnostics problems;
    const auto policies = load_policies(places.places, problems);
    const auto names = load_names(places.services, problems);
    auto loads = check("POLICY_LOADS", "the policies and the directory load without an error",
                       "run `beta-sidecar acl lint` and mend what it says");
    add_problems(problems, loads);
    for (const auto& policy : policies)
        loads.findings.push_back({std::string(policy->plane()),
                                  true,
                                  std::to_string(policy->rule_count()) + " rules",
                                  {policy->file().file_name, 0}});
    return {std::move(loads), planes(policies, deployment),
            directory(names, places.services, deployment), tables(policies),
            invariants(places, policies, names)};
}

}  // namespace beta::cli
