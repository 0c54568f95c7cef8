// acl export: the policies in the words of another guard: Kubernetes' network policies.
#include "beta/model/names.hpp"
#include "beta/proof/network_policy.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "identity_option.hpp"
#include "policy_files.hpp"

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace beta::cli {
namespace {

constexpr std::size_t most_relays = 256;  // nobody pins more; a policy is read by each node

struct Options {
    std::vector<std::string> places{"acl"};
    std::string services;
    std::string format;
    std::vector<std::string> relays;
    proof::Surroundings around;
};

model::Diagnostics read_relays(Options& options) {
    model::Diagnostics problems;
    for (const std::string& text : options.relays) {
        auto relay = proof::Relay::parse(text);
        if (relay)
            options.around.relays.push_back(std::move(*relay));
        else
            problems.push_back({.file = "--relay " + text,
                                .message = std::string(sentence(relay.error())),
                                .code = "RELAY"});
    }
    return problems;
}

/// A plane that nobody is on would be an empty answer, which looks like a closed one.
void want_someone(const std::string& plane, const proof::Names& names,
                  model::Diagnostics& problems) {
    const bool found = std::ranges::any_of(names.services, [&](const auto& service) {
        return plane.empty() || service.second == plane;
    });
    if (!found)
        problems.push_back({.file = "--services",
                            .message = "the directory has no service" +
                                       (plane.empty() ? "" : " on plane " + plane),
                            .code = "NO_SERVICE"});
}

int export_policies(Options& options, Session& session) {
    auto problems = read_relays(options);
    if (!problems.empty()) {
        print(session.err, problems);
        return usage;
    }
    const auto policies = load_policies(options.places, problems);
    const auto names = load_names(options.services, problems);
    if (problems.empty())
        want_someone(options.around.plane, names, problems);
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    session.out << proof::network_policies(policies, names, options.around);
    return ok;
}

/// For namespaces too, which are named by the same rules (RFC 1123).
std::string is_label(const std::string& text) {
    const auto name = model::PlaneName::parse(text);
    return name ? std::string{} : std::string(sentence(name.error()));
}

}  // namespace

void add_acl_export(CLI::App& acl, Session& session) {
    auto* const command =
        acl.add_subcommand("export", "Write Kubernetes' network policies that follow from the ACL");
    const auto options = std::make_shared<Options>();
    command->add_option("--format", options->format, "networkpolicy")
        ->required()
        ->check(CLI::IsMember(std::vector<std::string>{"networkpolicy"}));
    command->add_option("--acl", options->places, "Folders and files of the policies")
        ->capture_default_str();
    command->add_option("--services", options->services, "Service directory: who is on which plane")
        ->required();
    command->add_option("--plane", options->around.plane, "Of this plane alone")->check(is_label);
    command
        ->add_option("--relay", options->relays,
                     "ADDRESS:PORT or CIDR:PORT that tor may reach, and nothing else; without: any "
                     "public address")
        ->expected(1, most_relays);
    command
        ->add_option("--scrape", options->around.scraper,
                     "Namespace that may read the admin port, 9090")
        ->check(is_label);
    add_identity(*command, options->around.known_by);
    command->callback(
        [options, &session] { session.exit_code = export_policies(*options, session); });
}

}  // namespace beta::cli
