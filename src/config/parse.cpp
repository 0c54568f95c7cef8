#include "beta/config/config.hpp"
#include "beta/model/onion_address.hpp"
#include "beta/yaml/document.hpp"

#include "sources.hpp"

#include <filesystem>
#include <iterator>

namespace beta::config {
namespace {

void append(model::Diagnostics& to, model::Diagnostics from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// `path` as the configuration file means it: beside itself. Dots are left alone: what ".." means
/// behind a symbolic link only the file system knows.
std::string beside(const std::string& file_name, const std::string& path) {
    return (std::filesystem::path(file_name).parent_path() / path).string();
}

/// Files of `tor:` beside the configuration, and the ports of a tor of our own in its folder.
void settle_tor(Config& config, const std::string& file_name) {
    config.tor_binary = beside(file_name, config.tor_binary);
    for (std::string* const path : {&config.tor_control_cookie_file, &config.tor_extra_torrc,
                                    &config.tor_keys, &config.tor_client_key}) {
        if (!path->empty())
            *path = beside(file_name, *path);
    }
    if (config.tor_mode == TorMode::managed) {
        config.tor_socks = model::Endpoint::parse("unix:" + config.tor_data + "/socks").value();
        config.tor_control = model::Endpoint::parse("unix:" + config.tor_data + "/control").value();
    }
}

}  // namespace

std::expected<Config, model::Diagnostics> parse(std::string_view yaml, const std::string& file_name,
                                                const Environment& environment) {
    Draft draft = new_draft();
    model::Diagnostics problems;
    const auto root = yaml::parse(yaml, file_name);
    append(problems, root ? read_file(*root, file_name, draft) : root.error());
    append(problems, read_environment(environment, draft));
    if (root)  // else what is missing was perhaps only not understood
        append(problems, contradictions(draft, {file_name, 0, 0}));
    if (problems.empty()) {
        auto& config = draft.config;
        for (std::string* const path :
             {&config.acl_file, &config.services_file, &config.tls.certificate, &config.tls.key,
              &config.tls.ca, &config.tls.crl, &config.tor_control_password_file, &config.log.file,
              &config.audit.file, &config.audit.key}) {
            if (!path->empty())
                *path = beside(file_name, *path);
        }
        settle_tor(config, file_name);
        return std::move(config);
    }
    for (auto& problem : problems)
        problem.message = model::redact_onions(problem.message);
    return std::unexpected(std::move(problems));
}

}  // namespace beta::config
