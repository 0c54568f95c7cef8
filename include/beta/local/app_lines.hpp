// AppLines: what an app says for the log, as lines of the log: each one valid JSON object that says
// whose it is.
#pragma once

#include "beta/local/ask.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::local {

/// What the sidecar says of every line. The app's own keys stand apart, under "app": none of them
/// can pass for one of these. Only its level and its message stand beside them, where they are
/// text.
struct Stamp {
    std::string_view timestamp;
    std::string_view service;
    std::string_view plane;
    std::string_view request_id;
};

struct LineLimits {
    std::size_t sent;        // bytes of one line as the app sent it
    std::size_t written;     // and as it goes into the log, escaped and stamped
    std::size_t depth = 16;  // levels; nobody's log has more, and readers of logs stop there
};

struct AppLines {
    std::string text;               // each line with its line feed
    std::vector<std::size_t> ends;  // of each line in `text`
};

struct LineFault {
    std::size_t line = 1;   // the first that is wrong
    std::size_t lines = 1;  // of the whole body
    std::string what;
};

/// All of it, or nothing: who has sent half a batch cannot tell what to send again. Blank lines are
/// none. Control characters come out escaped, and in text so do bytes that are not UTF-8; in JSON
/// they are a fault (RFC 8259 §8.1).
std::expected<AppLines, LineFault> read_app_lines(std::string_view body, Form form,
                                                  const Stamp& stamp, const LineLimits& limits);

}  // namespace beta::local
