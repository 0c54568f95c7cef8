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
              &config.tls.ca, &config.tls.crl, &config.tor_control_password_file}) {
            if (!path->empty())
                *path = beside(file_name, *path);
        }
        return std::move(config);
    }
    for (auto& problem : problems)
        problem.message = model::redact_onions(problem.message);
    return std::unexpected(std::move(problems));
}

}  // namespace beta::config
