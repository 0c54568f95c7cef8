#include "policy_files.hpp"

#include "beta/acl/rule.hpp"
#include "beta/app/loaded.hpp"
#include "beta/directory/directory.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>

namespace beta::cli {
namespace {

namespace fs = std::filesystem;

bool is_policy_file(const fs::path& path) {
    const auto name = path.filename().string();
    return path.extension() == ".yaml" && !name.ends_with("_test.yaml") &&
           name != "invariants.yaml" && !name.starts_with('.');
}

std::vector<fs::path> files_of(const std::string& place, model::Diagnostics& problems) {
    std::error_code error;
    if (!fs::is_directory(place, error))
        return {place};
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(place, error))
        if (is_policy_file(entry.path()))
            files.push_back(entry.path());
    if (error)
        problems.push_back({.file = place, .message = error.message(), .code = "FILE_UNREADABLE"});
    else if (files.empty())
        problems.push_back({.file = place,
                            .message = "no policy is in this folder; policies end in .yaml",
                            .code = "NO_POLICY"});
    std::ranges::sort(files);
    return files;
}

}  // namespace

proof::Policies load_policies(const std::vector<std::string>& places,
                              model::Diagnostics& problems) {
    proof::Policies policies;
    for (const auto& place : places) {
        for (const auto& file : files_of(place, problems)) {
            const auto text = app::read_file(file.string());
            auto policy = text ? acl::Policy::parse(*text, file.string())
                               : std::unexpected(model::Diagnostics{text.error()});
            if (!policy)
                std::ranges::move(policy.error(), std::back_inserter(problems));
            else if (const auto* other = proof::of_plane(policies, (*policy)->plane()))
                problems.push_back({.file = file.string(),
                                    .message = other->file().file_name + " is of plane " +
                                               std::string(other->plane()) +
                                               " too; a plane has one file",
                                    .code = "SAME_PLANE"});
            else
                policies.push_back(std::move(*policy));
        }
    }
    return policies;
}

std::optional<Table> table_beside(const acl::Policy& policy) {
    std::filesystem::path table = policy.file().file_name;
    table.replace_filename(table.stem().string() + "_test.yaml");
    if (std::error_code error; !std::filesystem::exists(table, error))
        return std::nullopt;
    const auto text = app::read_file(table.string());
    if (!text)
        return Table{table.string(), std::unexpected(model::Diagnostics{text.error()})};
    return Table{table.string(), casebook::load(*text, table.string())};
}

proof::Names load_names(const std::string& file, model::Diagnostics& problems) {
    proof::Names names;
    if (file.empty())
        return names;
    const auto text = app::read_file(file);
    const auto directory = text ? directory::Directory::parse(*text, file)
                                : std::unexpected(model::Diagnostics{text.error()});
    if (!directory) {
        std::ranges::copy(directory.error(), std::back_inserter(problems));
        return names;
    }
    names.known = true;
    for (const auto& entry : (*directory)->entries()) {
        if (entry.is_external())
            names.external.push_back(entry.name);
        else
            names.services.emplace(entry.name, entry.plane);
    }
    return names;
}

}  // namespace beta::cli
