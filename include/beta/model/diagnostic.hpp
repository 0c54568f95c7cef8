// Diagnostic: what is wrong in a file that a person wrote, where, and what to do.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace beta::model {

/// Printed as "file:line:col: error: message [CODE]". Lines and columns start at 1; 0 means "the
/// whole file".
struct Diagnostic {
    enum class Severity : std::uint8_t { error, warning };

    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string message;  // names the remedy: what was expected, the nearest valid word
    std::string code;     // stable, upper case: "ACL_UNKNOWN_KEY"
    Severity severity = Severity::error;

    std::string str() const;
};

using Diagnostics = std::vector<Diagnostic>;

bool has_errors(const Diagnostics& diagnostics) noexcept;

}  // namespace beta::model
