// Rule and PolicyFile: the language as data, after loading and before compiling.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/path_pattern.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

/// One side of a call as a rule names it.
struct Party {
    bool any_plane = false;             // plane: "*"
    std::string plane;                  // this file's when the rule names none; empty if any_plane
    std::vector<std::string> services;  // empty: every service of the plane
    /// Named external hosts of the directory; of `to` only. Where it is not empty, the party is
    /// these hosts and nothing else: plane and services are empty. A host outside is of no plane:
    /// of the rules without `external`, only a deny to `plane: "*"` without services is about it.
    std::vector<std::string> external;

    bool has_plane(std::string_view name) const noexcept { return any_plane || plane == name; }
};

/// `mode:`. In a file of mode report nothing is blocked: a denial, of a rule, of a prohibition or
/// by default, is decided, counted and logged, and the request passes. A rule of mode report
/// changes nothing for the request: its deny is reported where an allow lets the request pass, and
/// its allow opens nothing; where it alone would have, the denial by default says so (would_allow).
enum class Mode : std::uint8_t { enforce, report };

/// A name for what requests mean: any of the methods on any of the paths.
struct Operation {
    std::string name;
    std::vector<std::string> methods;  // empty: every method
    std::vector<PathPattern> paths;    // empty: every path
    std::uint32_t line = 0;
};

/// `when.headers`: one header and the values that fit. Of an allow every value that the request
/// has must be among them, and it must have one; of a deny any.
struct HeaderCondition {
    std::string name;                 // lower case
    std::vector<std::string> values;  // compared byte for byte
};

/// `limit:` GCRA (the virtual scheduling form of ITU-T I.371): one request each `interval`,
/// `burst` at once.
struct Limit {
    enum class Per : std::uint8_t { source, destination, rule };
    std::chrono::nanoseconds interval{};
    std::uint32_t burst = 1;
    Per per = Per::rule;
};

struct Rule {
    std::uint32_t id = 0;  // from 1, in the order of the file; prohibitions come after the rules
    std::string name;
    Verdict verdict = Verdict::deny;
    Party from;
    Party to;
    std::vector<std::string> methods;  // empty: every method
    std::vector<PathPattern> paths;    // empty: every path
    /// Indices into PolicyFile::operations: with methods and paths empty, the rule is about these.
    std::vector<std::size_t> operations;
    std::vector<HeaderCondition> headers;  // all must hold
    /// Of an allow. Counted once: by the callee's sidecar within a plane, else by the sidecar whose
    /// file has the rule.
    std::optional<Limit> limit;
    /// Of an allow to external hosts: CONNECT, and only that. Denies that name no path are about
    /// tunnels too.
    bool tunnel = false;
    bool prohibition = false;  // an entry of `prohibit:`, a deny for everyone
    Mode mode = Mode::enforce;
    std::string reason;  // the file's words, or ours
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct PolicyFile {
    std::string file_name;
    std::string plane;
    std::string digest;  // hex SHA-256 of the text
    Mode mode = Mode::enforce;
    std::vector<Operation> operations;
    std::vector<Rule> rules;  // rules[i].id is i + 1; each prohibition is one, at the end

    const Rule& rule(std::uint32_t id) const { return rules.at(id - 1); }
};

}  // namespace beta::acl
