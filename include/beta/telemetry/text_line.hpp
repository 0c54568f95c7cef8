// TextLine: a finished JSON line of the log in the form for a person at a terminal.
#pragma once

#include <string>
#include <string_view>

namespace beta::telemetry {

/// Only where a person sees it (a terminal), and not against their will (no-color.org).
bool shows_colour(int descriptor);

/// Appends `line`, one JSON object and its line feed, as text and a line feed: first what is looked
/// for (time, level or status, words or path), then the rest as key=value. Values stay escaped as
/// JSON has them, and what would turn or hide text is escaped too. A line that is no object stays
/// as it is.
void append_text_line(std::string& out, std::string_view line, bool in_colour);

}  // namespace beta::telemetry
