// Trial: a table of cases run against its policy, by the engine that serves traffic.
#pragma once

#include "beta/acl/policy.hpp"
#include "beta/casebook/casebook.hpp"

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace beta::casebook {

/// What became of one case. `fault` is empty when the policy says what the case wants.
struct Finding {
    std::string name;
    std::string fault = {};
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct Trial {
    std::string table;  // file names
    std::string policy;
    std::vector<Finding> findings = {};    // one for each case, in their order
    std::set<std::uint32_t> covered = {};  // rules that decided a case; default-deny is not counted
    std::vector<std::string> missing = {};  // the others, as "name (line 12)"
    std::size_t rules = 0;                  // without default-deny

    std::size_t failures() const noexcept;
    /// 100 for a policy without rules.
    double coverage() const noexcept;
};

Trial try_out(const Casebook& book, const acl::Policy& policy);

/// The failures, then a line of summary for each table; ends in a newline.
std::string to_text(const std::vector<Trial>& trials);
std::string to_json(const std::vector<Trial>& trials);
/// JUnit's XML: a suite for each table, a test case for each case.
std::string to_junit(const std::vector<Trial>& trials);

}  // namespace beta::casebook
