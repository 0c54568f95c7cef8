#include "beta/app/loaded.hpp"

#include "beta/app/trace_export.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace beta::app {
namespace {

using model::Diagnostic;
using model::Diagnostics;

void append(Diagnostics& to, Diagnostics from) {
    for (auto& diagnostic : from)
        to.push_back(std::move(diagnostic));
}

Diagnostic known_by_plane_alone() {
    return {.file = "identity",
            .message =
                "listener is the weaker mode: callers prove nothing, whoever reaches an onion "
                "is taken for its plane, and rules that name calling services let nobody in; "
                "use \"identity: certificate\"",
            .code = "WEAK_IDENTITY",
            .severity = Diagnostic::Severity::warning};
}

template <class Parse>
auto parse_file(const std::string& path, Diagnostics& problems, Parse parse) ->
    typename decltype(parse(std::string{}))::value_type {
    auto text = read_file(path);
    if (!text) {
        problems.push_back(text.error());
        return nullptr;
    }
    auto parsed = parse(*text);
    if (!parsed) {
        append(problems, parsed.error());
        return nullptr;
    }
    return *parsed;
}

/// A service of a plane whose authority nobody named could never be told from another.
void check_authorities(const config::Config& config, const Loaded& loaded, Diagnostics& problems) {
    if (!loaded.credentials)
        return;
    std::set<std::string_view> missing;
    for (const auto& entry : loaded.directory->entries()) {
        if (entry.onion.has_value() && !loaded.credentials->trusts(entry.plane) &&
            entry.onion->for_caller(config.plane.view()) != nullptr &&
            missing.insert(entry.plane).second)
            problems.push_back(
                {.file = config.tls.ca,
                 .message = "service \"" + entry.name + "\" stands on plane \"" + entry.plane +
                            "\", for which no authority is named here; add " + entry.plane + ".pem",
                 .code = "TLS_NO_AUTHORITY"});
    }
}

bool has_rule(const acl::Policy& policy, std::string_view name) {
    for (std::uint32_t id = 0; id < policy.rule_count(); ++id) {
        if (policy.rule_name(id) == name)
            return true;
    }
    return false;
}

/// Perhaps a slip; perhaps a rule that is in the file of tomorrow, so no reason to refuse this one.
void warn_of_unknown_rules(const config::Config& config, Loaded& loaded) {
    if (!loaded.policy)
        return;
    for (const auto& rule : config.log.sample.rules) {
        if (!has_rule(*loaded.policy, rule.name))
            loaded.warnings.push_back({.file = config.acl_file,
                                       .message = "log.sample.rules has a share of \"" + rule.name +
                                                  "\", but no rule of this policy has that name",
                                       .code = "CONFIG_SAMPLE_RULE",
                                       .severity = Diagnostic::Severity::warning});
    }
}

/// Files that are right each by itself but not together.
void cross_check(const config::Config& config, const Loaded& loaded, Diagnostics& problems) {
    if (loaded.policy && loaded.policy->plane() != config.plane.view())
        problems.push_back({.file = config.acl_file,
                            .message = "this is the policy of plane \"" +
                                       std::string(loaded.policy->plane()) +
                                       "\", but this sidecar stands on plane \"" +
                                       config.plane.str() + "\"; name that plane's file in `acl:`",
                            .code = "CONFIG_POLICY_PLANE"});
    if (!loaded.directory)
        return;
    check_authorities(config, loaded, problems);
    const auto* const self = loaded.directory->find(config.service.view());
    if (self != nullptr && self->plane != config.plane.view())
        problems.push_back({.file = config.services_file,
                            .message = "the directory puts this service (" + config.service.str() +
                                       ") on plane \"" + self->plane +
                                       "\", the configuration on plane \"" + config.plane.str() +
                                       "\"; make them agree",
                            .code = "CONFIG_SERVICE_PLANE"});
}

}  // namespace

std::expected<std::string, Diagnostic> read_file(const std::string& path) {
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file.is_open() || file.bad()) {
        const auto why = std::generic_category().message(errno != 0 ? errno : EIO);
        return std::unexpected(Diagnostic{
            .file = path, .message = "cannot read this file: " + why, .code = "FILE_UNREADABLE"});
    }
    return text;
}

std::vector<std::string> watched_files(const config::Config& config) {
    std::vector<std::string> files{config.acl_file, config.services_file};
    for (auto& file : tls::files_of(config))
        files.push_back(std::move(file));
    return files;
}

std::expected<Loaded, Diagnostics> load(const config::Config& config, bool without_key) {
    Loaded loaded;
    Diagnostics problems;
    loaded.policy = parse_file(config.acl_file, problems, [&](const std::string& text) {
        return acl::Policy::parse(text, config.acl_file);
    });
    loaded.directory = parse_file(config.services_file, problems, [&](const std::string& text) {
        return directory::Directory::parse(text, config.services_file, &loaded.warnings);
    });
    if (config.identity == config::Identity::certificate) {
        if (auto credentials = tls::Credentials::load(config, without_key))
            loaded.credentials = *credentials;
        else
            append(problems, credentials.error());
    } else {
        loaded.warnings.push_back(known_by_plane_alone());
    }
    cross_check(config, loaded, problems);
    warn_of_unknown_rules(config, loaded);
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    append(loaded.warnings, tracing_warnings(config, loaded));
    return loaded;
}

}  // namespace beta::app
