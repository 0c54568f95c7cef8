// acl prove: what must hold of all policies together, decided exactly or broken by a call.
#include "beta/proof/prove.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "invariant_file.hpp"
#include "policy_files.hpp"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

struct Options {
    std::vector<std::string> places{"acl"};
    std::string invariants;
    std::string services;
    bool json = false;
};

int exit_code(const std::vector<proof::Proof>& proofs) {
    using Status = proof::Proof::Status;
    const auto is = [](Status status) {
        return [status](const proof::Proof& proof) { return proof.status == status; };
    };
    if (std::ranges::any_of(proofs, is(Status::inconsistent)))
        return internal;
    return std::ranges::all_of(proofs, is(Status::proved)) ? ok : denied;
}

int prove(const Options& options, Session& session) {
    model::Diagnostics problems;
    const auto policies = load_policies(options.places, problems);
    const auto names = load_names(options.services, problems);
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    const auto file = invariant_file(options.invariants, options.places);
    const auto invariants = read_invariants(file, policies, names);
    if (!invariants) {
        print(session.err, invariants.error());
        return bad_data;
    }
    std::vector<proof::Proof> proofs;
    for (const auto& invariant : invariants->list)
        proofs.push_back(proof::prove(invariant, policies, names, invariants->known_by));
    session.out << (options.json ? proof::to_json(*invariants, proofs) + '\n'
                                 : proof::to_text(*invariants, proofs));
    return exit_code(proofs);
}

}  // namespace

void add_acl_prove(CLI::App& acl, Session& session) {
    auto* const command = acl.add_subcommand(
        "prove", "Decide invariants over all policies; exit 0 proved, 1 not, 70 fault of ours");
    const auto options = std::make_shared<Options>();
    command->add_option("--acl", options->places, "Folders and files of the policies")
        ->capture_default_str();
    command->add_option("--invariants", options->invariants,
                        "File of the invariants; invariants.yaml of the first folder when absent");
    command->add_option("--services", options->services,
                        "Service directory: prove for these names alone, not for every name");
    command->add_flag("--json", options->json, "As a JSON object");
    command->callback([options, &session] { session.exit_code = prove(*options, session); });
}

}  // namespace beta::cli
