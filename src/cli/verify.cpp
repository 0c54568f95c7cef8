// verify: whether manifests keep the walls, before they are deployed.
#include "beta/app/loaded.hpp"
#include "beta/manifest/checklist.hpp"
#include "beta/manifest/load.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"
#include "policy_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace beta::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::vector<std::string> places;
    PolicyPlaces policy;
    std::string format = "text";
};

void append(model::Diagnostics& to, model::Diagnostics from) {
    std::ranges::move(from, std::back_inserter(to));
}

/// The manifests of a folder and of the folders below it, in the order of their names.
void gather(const std::string& place, std::vector<std::string>& files,
            model::Diagnostics& problems) {
    std::error_code error;
    if (!fs::is_directory(place, error))
        return files.push_back(place);
    const auto before = files.size();
    for (auto entry = fs::recursive_directory_iterator(place, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        const auto kind = entry->path().extension();
        if ((kind == ".yaml" || kind == ".yml") && entry->is_regular_file(error))
            files.push_back(entry->path().string());
    }
    std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
    if (error)
        problems.push_back({.file = place, .message = error.message(), .code = "FILE_UNREADABLE"});
    else if (files.size() == before)
        problems.push_back({.file = place,
                            .message = "no manifest is in this folder; they end in .yaml or .yml",
                            .code = "MANIFEST_NONE"});
}

/// Variables of this process, and of the file .env beside the first manifest.
manifest::Variables variables_for(const fs::path& first, model::Diagnostics& problems) {
    auto variables = environment();
    const auto file = (first.parent_path() / ".env").string();
    if (std::error_code error; fs::exists(file, error)) {
        const auto text = app::read_file(file);
        append(problems, text ? manifest::add_env_file(*text, file, variables)
                              : model::Diagnostics{text.error()});
    }
    return variables;
}

std::expected<manifest::Deployment, model::Diagnostics> load(const Options& options) {
    model::Diagnostics problems;
    std::vector<std::string> files;
    for (const std::string& place : options.places)
        gather(place, files, problems);
    std::vector<manifest::Source> sources;
    for (const std::string& file : files) {
        auto text = app::read_file(file);
        if (text)
            sources.push_back({file, std::move(*text)});
        else
            problems.push_back(text.error());
    }
    const auto variables = variables_for(files.empty() ? "" : files.front(), problems);
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return manifest::load(sources, variables);
}

/// Relative paths of Compose start at the folder of the first file.
void read_configurations(const Options& options, manifest::Deployment& deployment) {
    const auto folder = fs::path(options.places.front()).parent_path();
    for (const auto& [container, file] : manifest::configurations(deployment)) {
        const auto path = (folder / file).lexically_normal().string();
        if (const auto text = app::read_file(path))
            manifest::add_configuration(deployment, container, {path, *text});
    }
}

int verify(const Options& options, Session& session) {
    auto deployment = load(options);
    if (!deployment) {
        print(session.err, deployment.error());
        return bad_data;
    }
    read_configurations(options, *deployment);
    auto checks = manifest::verify(*deployment);
    std::ranges::move(policy_checks(options.policy, *deployment), std::back_inserter(checks));
    session.out << (options.format == "json" ? manifest::to_json(*deployment, checks) + '\n'
                                             : manifest::to_text(*deployment, checks));
    return manifest::all_pass(checks) ? ok : bad_data;
}

}  // namespace

void add_verify(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand(
        "verify",
        "Check manifests of Compose or Kubernetes before they are deployed; exit 0, or 65");
    const auto options = std::make_shared<Options>();
    command
        ->add_option("manifests", options->places,
                     "Compose files (further ones lie over the first), or files and folders of "
                     "Kubernetes")
        ->required();
    command->add_option("--acl", options->policy.places, "Folders and files of the policies")
        ->capture_default_str();
    command->add_option("--invariants", options->policy.invariants,
                        "File of the invariants; invariants.yaml of the first folder when absent");
    command->add_option("--services", options->policy.services,
                        "Service directory: the services must be there, and proofs are for its "
                        "names alone");
    command->add_option("--format", options->format, "text or json")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    command->callback([options, &session] { session.exit_code = verify(*options, session); });
}

}  // namespace beta::cli
