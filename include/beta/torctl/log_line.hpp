// LogLine: one line that tor writes to its log, and how much it matters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beta::torctl {

struct LogLine {
    enum class Severity : std::uint8_t { notice, warn, error };

    Severity severity = Severity::notice;
    std::string text;  // without time and severity; onion addresses redacted, long lines cut
};

/// "Nov 26 23:42:52.000 [warn] …"; a line of another form is a notice as it stands.
LogLine read_log_line(std::string_view line);

}  // namespace beta::torctl
