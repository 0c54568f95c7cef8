// Draft: a configuration while it is being read: values so far, and where each was given.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace beta::config {

struct Place {
    std::string file;  // or the name of a variable, without line and column
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct Draft {
    Config config;
    /// Keys that were given, right or wrong: "tor.socks", "ingress.ops".
    std::map<std::string, Place, std::less<>> given;
};

/// Every default, and stand-ins for what has none: parse() refuses a draft where those were not
/// given.
Draft new_draft();

/// Finds what is wrong between values that are right each by itself. `whole` is the file.
model::Diagnostics contradictions(const Draft& draft, const Place& whole);

}  // namespace beta::config
