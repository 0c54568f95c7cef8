// Tail: the end of an audit log that a new process is to go on with.
#pragma once

#include "beta/audit/record.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beta::audit {

/// So much of a file's end says all: the last record, and a torn one behind it.
inline constexpr std::size_t tail_bytes = 2 * max_line;

struct Tail {
    std::optional<Link> last;  // the last record that is whole; none: a chain begins
    std::string_view left;     // what stands behind it
    bool lacks_feed = false;   // the last line is to be ended before another
};

/// `end` are the last bytes of the file; `from_start`: all of them.
Tail tail_of(std::string_view end, bool from_start, const Seal& seal);

/// The object of the record that tells of `left`: "torn" for the beginning of a line that a crash
/// cut off, else "broken". Never what it says, only its size and hash.
std::string remark(const Tail& tail, std::string_view time);

}  // namespace beta::audit
