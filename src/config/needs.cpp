#include "beta/config/needs.hpp"

#include <algorithm>
#include <filesystem>

namespace beta::config {
namespace {

void add_file(std::vector<std::string>& to, const std::string& path) {
    if (!path.empty())
        to.push_back(path);
}

void add_identity(const Config& config, Needs& needs) {
    if (config.identity != Identity::certificate)
        return;
    for (const auto& file : {config.tls.certificate, config.tls.key, config.tls.ca, config.tls.crl})
        add_file(needs.files, file);
}

/// Where tor's cookie is, tor says when it is asked, which may be later: it is looked for beside
/// its control port, or where Debian has it.
void add_control(const Config& config, Needs& needs) {
    if (!config.tor_control)
        return;
    add_file(needs.files, config.tor_control_password_file);
    add_file(needs.files, config.tor_control_cookie_file);
    if (!config.tor_control_password_file.empty() || !config.tor_control_cookie_file.empty())
        return;
    const bool is_path = config.tor_control->kind() == model::Endpoint::Kind::unix_path;
    const std::filesystem::path socket{is_path ? config.tor_control->host() : ""};
    needs.folders.push_back(is_path ? socket.parent_path().string() : "/run/tor");
}

std::vector<std::uint16_t> ports_of(const Config& config) {
    std::vector<std::uint16_t> ports;
    for (const auto* const dialled :
         {&config.tor_socks, config.tor_control ? &*config.tor_control : nullptr,
          config.app ? &*config.app : nullptr}) {
        if (dialled != nullptr && dialled->kind() != model::Endpoint::Kind::unix_path)
            ports.push_back(dialled->port());
    }
    std::ranges::sort(ports);
    ports.erase(std::ranges::unique(ports).begin(), ports.end());
    return ports;
}

}  // namespace

Needs needs_of(const Config& config) {
    Needs needs{.files = {config.acl_file, config.services_file},
                .folders = {},
                .logs = {},
                .ports = ports_of(config)};
    add_identity(config, needs);
    add_control(config, needs);
    if (config.tor_publish)  // a reload looks whether the directory names the same onions
        needs.folders.push_back(config.tor_keys);
    add_file(needs.logs, config.log.file);
    add_file(needs.logs, config.audit.file);
    return needs;
}

}  // namespace beta::config
