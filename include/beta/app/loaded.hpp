// Loaded: the files that a configuration names, read and checked together.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/tls/credentials.hpp"

#include <expected>
#include <memory>
#include <string>
#include <vector>

namespace beta::app {

struct Loaded {
    std::shared_ptr<const acl::Policy> policy;
    std::shared_ptr<const directory::Directory> directory;
    std::shared_ptr<const tls::Credentials> credentials;  // null with `identity: listener`
    model::Diagnostics warnings;
};

/// Every error of all files at once, and what does not fit together: a policy of another plane, a
/// service that the directory puts on another plane, or on one whose authority is unknown.
/// `without_key`: all but the private key, for a check where it is not at hand.
std::expected<Loaded, model::Diagnostics> load(const config::Config& config,
                                               bool without_key = false);

/// What load() reads now, and the folder that it lists: their changes ask for a reload.
std::vector<std::string> watched_files(const config::Config& config);

/// The whole file, or a diagnostic that says why not.
std::expected<std::string, model::Diagnostic> read_file(const std::string& path);

}  // namespace beta::app
