#include "beta/app/loaded.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace beta::app {
namespace {

using model::Diagnostic;
using model::Diagnostics;

void append(Diagnostics& to, Diagnostics from) {
    for (auto& diagnostic : from)
        to.push_back(std::move(diagnostic));
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

std::expected<Loaded, Diagnostics> load(const config::Config& config) {
    Loaded loaded;
    Diagnostics problems;
    loaded.policy = parse_file(config.acl_file, problems, [&](const std::string& text) {
        return acl::Policy::parse(text, config.acl_file);
    });
    loaded.directory = parse_file(config.services_file, problems, [&](const std::string& text) {
        return directory::Directory::parse(text, config.services_file, &loaded.warnings);
    });
    cross_check(config, loaded, problems);
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return loaded;
}

}  // namespace beta::app
