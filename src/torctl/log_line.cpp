#include "beta/torctl/log_line.hpp"

#include "beta/model/onion_address.hpp"

#include <algorithm>
#include <utility>

namespace beta::torctl {
namespace {

constexpr std::size_t longest = 1000;    // a log line of ours stays one
constexpr std::size_t latest_mark = 40;  // the time before "[warn]" is shorter

constexpr std::pair<std::string_view, LogLine::Severity> marks[] = {
    {"[err] ", LogLine::Severity::error},
    {"[warn] ", LogLine::Severity::warn},
    {"[notice] ", LogLine::Severity::notice},
};

}  // namespace

LogLine read_log_line(std::string_view line) {
    LogLine read;
    for (const auto& [mark, severity] : marks) {
        const auto at = line.substr(0, latest_mark).find(mark);
        if (at == line.npos)
            continue;
        read.severity = severity;
        line.remove_prefix(at + mark.size());
        break;
    }
    read.text = model::redact_onions(line.substr(0, longest));
    return read;
}

}  // namespace beta::torctl
