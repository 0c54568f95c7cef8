// Variables of a Compose file: ${NAME}, ${NAME:-default}, ${NAME:?message}, and the file .env.
#pragma once

#include "beta/model/diagnostic.hpp"
#include "beta/yaml/document.hpp"

#include <expected>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace beta::manifest {

using Variables = std::map<std::string, std::string, std::less<>>;

/// Adds the lines NAME=VALUE of an .env file to `variables`; those that are there already win, as
/// the shell's do. What is not such a line is a problem.
model::Diagnostics add_env_file(std::string_view text, const std::string& file_name,
                                Variables& variables);

/// `text` with its variables replaced, or what is wrong. One that is not set and has no default is
/// an error: an empty value is hardly ever meant.
std::expected<std::string, std::string> interpolate(std::string_view text,
                                                    const Variables& variables);

/// Replaces them in every value below `node`; keys are left alone.
void interpolate(yaml::Node& node, const Variables& variables, yaml::Reader& reader);

}  // namespace beta::manifest
