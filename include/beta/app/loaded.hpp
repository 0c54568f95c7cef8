// Loaded: the files that a configuration names, read and checked together.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/model/diagnostic.hpp"

#include <expected>
#include <memory>
#include <string>

namespace beta::app {

struct Loaded {
    std::shared_ptr<const acl::Policy> policy;
    std::shared_ptr<const directory::Directory> directory;
    model::Diagnostics warnings;
};

/// Every error of both files at once, and what does not fit together: a policy of another plane, a
/// service that the directory puts on another plane.
std::expected<Loaded, model::Diagnostics> load(const config::Config& config);

/// The whole file, or a diagnostic that says why not.
std::expected<std::string, model::Diagnostic> read_file(const std::string& path);

}  // namespace beta::app
