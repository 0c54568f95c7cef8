// acl diff: what becomes possible and what becomes impossible, and which recorded decisions flip.
#include "beta/proof/diff.hpp"
#include "beta/proof/replay.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "identity_option.hpp"
#include "policy_files.hpp"

#include <fstream>
#include <memory>
#include <ostream>
#include <string>

namespace beta::cli {
namespace {

struct Options {
    std::string before;
    std::string after;
    std::string services;
    std::string log;
    std::string plane;
    model::KnownBy known_by = model::KnownBy::certificate;
    bool json = false;
};

struct Both {
    proof::Policies before;
    proof::Policies after;
    proof::Names names;
};

int replay(const Options& options, const Both& files, Session& session) {
    std::ifstream log(options.log);
    if (!log) {
        print(session.err, {{.file = options.log,
                             .message = "cannot be read: not there, or no permission",
                             .code = "FILE_UNREADABLE"}});
        return bad_data;
    }
    proof::Replay replay(files.before, files.after, files.names, options.plane);
    for (std::string line; std::getline(log, line);)
        replay.add(line);
    session.out << proof::to_text(replay);
    return replay.counts().flipped == 0 ? ok : denied;
}

int diff(const Options& options, Session& session) {
    model::Diagnostics problems;
    const Both files{.before = load_policies({options.before}, problems),
                     .after = load_policies({options.after}, problems),
                     .names = load_names(options.services, problems)};
    if (!problems.empty()) {
        print(session.err, problems);
        return bad_data;
    }
    if (!options.log.empty())
        return replay(options, files, session);
    const auto difference = proof::diff(files.before, files.after, files.names, options.known_by);
    session.out << (options.json ? proof::to_json(difference) + '\n' : proof::to_text(difference));
    const bool same = difference.possible.empty() && difference.impossible.empty();
    return same && difference.complete ? ok : denied;
}

}  // namespace

void add_acl_diff(CLI::App& acl, Session& session) {
    auto* const command = acl.add_subcommand(
        "diff", "Say what becomes possible and impossible; exit 0 same, 1 different");
    const auto options = std::make_shared<Options>();
    command->add_option("old", options->before, "Folder or file of the policies in force")
        ->required();
    command->add_option("new", options->after, "Folder or file of those to come")->required();
    command->add_option("--services", options->services, "Service directory: its names alone");
    command->add_option("--replay", options->log,
                        "Access log: say which of its decisions flip instead");
    command->add_option("--plane", options->plane, "Plane of the sidecar that wrote the log");
    add_identity(*command, options->known_by);
    command->add_flag("--json", options->json, "As a JSON object")->excludes("--replay");
    command->callback([options, &session] { session.exit_code = diff(*options, session); });
}

}  // namespace beta::cli
