// acl lint: rules that load, and do not do what their author may think.
#include "beta/acl/rule.hpp"
#include "beta/casebook/trial.hpp"
#include "beta/proof/lint.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "identity_option.hpp"
#include "policy_files.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

struct Options {
    std::vector<std::string> places{"acl"};
    std::string services;
    model::KnownBy known_by = model::KnownBy::certificate;
    bool json = false;
};

/// What the tables beside the policies meet.
proof::Covered covered(const proof::Policies& policies, model::Diagnostics& problems) {
    proof::Covered out;
    for (const auto& policy : policies) {
        const auto table = table_beside(*policy);
        if (!table)
            continue;
        if (table->book)
            out.emplace(policy->plane(), casebook::try_out(*table->book, *policy).covered);
        else
            std::ranges::copy(table->book.error(), std::back_inserter(problems));
    }
    return out;
}

int lint(const Options& options, Session& session) {
    model::Diagnostics problems;
    const auto policies = load_policies(options.places, problems);
    const auto names = load_names(options.services, problems);
    const auto met = covered(policies, problems);
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    const auto findings =
        proof::lint(policies, names, met.empty() ? nullptr : &met, options.known_by);
    if (options.json)
        session.out << proof::to_json(findings) << '\n';
    else
        print(session.out, findings);
    return findings.empty() ? ok : denied;
}

}  // namespace

void add_acl_lint(CLI::App& acl, Session& session) {
    auto* const command = acl.add_subcommand(
        "lint", "Find rules that never decide, allow too much, or name nobody; exit 0 or 1");
    const auto options = std::make_shared<Options>();
    command->add_option("--acl", options->places, "Folders and files of the policies")
        ->capture_default_str();
    command->add_option("--services", options->services, "Service directory to look names up in");
    add_identity(*command, options->known_by);
    command->add_flag("--json", options->json, "As a JSON array");
    command->callback([options, &session] { session.exit_code = lint(*options, session); });
}

}  // namespace beta::cli
