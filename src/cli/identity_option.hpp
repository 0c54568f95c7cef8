// IdentityOption: `--identity`, for the commands that have to know how callees know their callers.
#pragma once

#include "beta/model/known_by.hpp"

#include <CLI/App.hpp>

namespace beta::cli {

void add_identity(CLI::App& command, model::KnownBy& known_by);

}  // namespace beta::cli
