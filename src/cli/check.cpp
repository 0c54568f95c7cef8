// check: every fault of the configuration and of the files it names, at once.
#include "beta/app/audit.hpp"
#include "beta/app/loaded.hpp"
#include "beta/app/managed_tor.hpp"
#include "beta/app/onions.hpp"
#include "beta/yaml/document.hpp"

#include "commands.hpp"
#include "config_file.hpp"
#include "exit_code.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>

namespace beta::cli {
namespace {

using model::Diagnostics;

void append(Diagnostics& to, Diagnostics from) {
    std::ranges::move(from, std::back_inserter(to));
}

/// What `read` says of the file that `key` names, as far as a broken configuration lets that be
/// known.
template <class Read>
void look_into(const yaml::Node& root, const std::string& config_file, std::string_view key,
               Diagnostics& problems, Read read) {
    const auto* const node = root.find(key);
    if (node == nullptr || node->kind != yaml::Node::Kind::scalar || node->scalar.empty())
        return;
    const auto path = (std::filesystem::path(config_file).parent_path() / node->scalar).string();
    const auto text = app::read_file(path);
    if (!text)
        return problems.push_back(text.error());
    if (auto result = read(*text, path); !result)
        append(problems, std::move(result.error()));
}

/// The configuration is wrong: its own faults are known; the files it names are looked into all the
/// same.
void look_further(const std::string& config_file, Diagnostics& problems) {
    const auto text = app::read_file(config_file);
    if (!text)
        return;
    const auto root = yaml::parse(*text, config_file);
    if (!root)
        return;
    look_into(*root, config_file, "acl", problems,
              [](const auto& file, const auto& name) { return acl::Policy::parse(file, name); });
    look_into(*root, config_file, "services", problems, [&](const auto& file, const auto& name) {
        return directory::Directory::parse(file, name, &problems);
    });
}

std::string count(std::size_t number, const std::string& word) {
    return std::to_string(number) + " " + word + (number == 1 ? "" : "s");
}

int refuse(std::ostream& err, const Diagnostics& problems) {
    const auto warnings = static_cast<std::size_t>(std::ranges::count(
        problems, model::Diagnostic::Severity::warning, &model::Diagnostic::severity));
    print(err, problems);
    err << count(problems.size() - warnings, "error");
    if (warnings > 0)
        err << ", " << count(warnings, "warning");
    err << '\n';
    return configuration;
}

int check(const std::string& config_file, bool without_secrets, Session& session) {
    const auto config = read_config(config_file);
    if (!config) {
        auto problems = config.error();
        look_further(config_file, problems);
        return refuse(session.err, problems);
    }
    const auto loaded = app::load(*config, without_secrets);
    if (!loaded)
        return refuse(session.err, loaded.error());
    if (const auto extra = app::read_extra_torrc(*config); !extra)
        return refuse(session.err, extra.error());
    if (const auto seal = app::audit_seal(without_secrets ? "" : config->audit.key); !seal)
        return refuse(session.err, seal.error());
    print(session.err, loaded->warnings);
    if (!without_secrets)
        print(session.err, app::onion_warnings(*config, *loaded->directory));
    session.out << config_file << ": fine: " << config->plane.view() << '/'
                << config->service.view() << ", " << count(loaded->policy->rule_count(), "rule")
                << ", " << count(loaded->directory->entries().size(), "destination");
    if (loaded->credentials)
        session.out << ", " << loaded->credentials->id();
    session.out << '\n';
    return ok;
}

}  // namespace

void add_check(CLI::App& app, Session& session) {
    auto* const command = app.add_subcommand(
        "check", "Validate the configuration and every file it names (also: -t)");
    const auto file = std::make_shared<std::string>(default_config);
    command->add_option("-c,--config", *file, "Configuration file")->capture_default_str();
    const auto without_secrets = std::make_shared<bool>(false);
    command->add_flag("--no-secrets", *without_secrets,
                      "Leave private keys alone: for checking where they are not at hand");
    command->callback([file, without_secrets, &session] {
        session.exit_code = check(*file, *without_secrets, session);
    });
}

}  // namespace beta::cli
