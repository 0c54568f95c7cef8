// ConfigFile: the configuration as every command reads it, and how its faults are printed.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"

#include <expected>
#include <iosfwd>
#include <string>

namespace beta::cli {

inline constexpr const char* default_config = "config/sidecar.yaml";

/// The variables of this process.
config::Environment environment();

std::expected<config::Config, model::Diagnostics> read_config(const std::string& path);

/// One line each: "file:line:col: error: message [CODE]".
void print(std::ostream& out, const model::Diagnostics& diagnostics);

}  // namespace beta::cli
