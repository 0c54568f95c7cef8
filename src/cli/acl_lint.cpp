// acl lint: rules that load, and do not do what their author may think.
#include "beta/proof/lint.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "policy_files.hpp"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

struct Options {
    std::vector<std::string> places{"acl"};
    std::string services;
    bool json = false;
};

int lint(const Options& options, Session& session) {
    model::Diagnostics problems;
    const auto policies = load_policies(options.places, problems);
    const auto names = load_names(options.services, problems);
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    const auto findings = proof::lint(policies, names);
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
    command->add_flag("--json", options->json, "As a JSON array");
    command->callback([options, &session] { session.exit_code = lint(*options, session); });
}

}  // namespace beta::cli
