// Load: services.yaml to entries, strictly. The one unit of this module that knows YAML.
#pragma once

#include "beta/directory/directory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace beta::directory {

struct LoadedEntries {
    std::vector<Entry> entries;
    model::Diagnostics diagnostics;  // errors and warnings; entries count only without errors
};

LoadedEntries load(std::string_view yaml, const std::string& file_name);

}  // namespace beta::directory
