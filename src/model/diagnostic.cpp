#include "beta/model/diagnostic.hpp"

#include <algorithm>

namespace beta::model {

std::string Diagnostic::str() const {
    std::string out = file;
    if (line > 0)
        out += ':' + std::to_string(line) + ':' + std::to_string(column);
    out += severity == Severity::error ? ": error: " : ": warning: ";
    out += message;
    return out + " [" + code + ']';
}

bool has_errors(const Diagnostics& diagnostics) noexcept {
    return std::ranges::any_of(diagnostics, [](const Diagnostic& diagnostic) {
        return diagnostic.severity == Diagnostic::Severity::error;
    });
}

}  // namespace beta::model
