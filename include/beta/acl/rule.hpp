// Rule and PolicyFile: the language as data, after loading and before compiling.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/path_pattern.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace beta::acl {

/// One side of a call as a rule names it.
struct Party {
    bool any_plane = false;             // plane: "*"
    std::string plane;                  // this file's when the rule names none; empty if any_plane
    std::vector<std::string> services;  // empty: every service of the plane

    bool has_plane(std::string_view name) const noexcept { return any_plane || plane == name; }
};

struct Rule {
    std::uint32_t id = 0;  // from 1, in the order of the file
    std::string name;
    Verdict verdict = Verdict::deny;
    Party from;
    Party to;
    std::vector<std::string> methods;  // empty: every method
    std::vector<PathPattern> paths;    // empty: every path
    std::string reason;                // the file's words, or ours
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct PolicyFile {
    std::string file_name;
    std::string plane;
    std::string digest;       // hex SHA-256 of the text
    std::vector<Rule> rules;  // rules[i].id is i + 1

    const Rule& rule(std::uint32_t id) const { return rules.at(id - 1); }
};

}  // namespace beta::acl
