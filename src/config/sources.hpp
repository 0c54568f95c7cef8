// Sources: the two places that values come from, each read by the table of keys.
#pragma once

#include "beta/config/draft.hpp"

#include <string>

namespace beta::yaml {
struct Node;
}

namespace beta::config {

/// Walks the tree of a configuration file; returns what is wrong with it.
model::Diagnostics read_file(const yaml::Node& root, const std::string& file_name, Draft& draft);

/// Lays variables over what the file said.
model::Diagnostics read_environment(const Environment& environment, Draft& draft);

}  // namespace beta::config
