// Trace context: as much of `traceparent` as a proxy must know that records no spans (W3C Trace
// Context, level 1).
#pragma once

#include "beta/http/head.hpp"

#include <string>
#include <string_view>

namespace beta::http {

/// §3.2.2: version, trace-id, parent-id and flags; no id of zeros. Of a later version the same
/// beginning. Pure.
bool is_traceparent(std::string_view value) noexcept;

/// §4.3: several of them, or one that cannot be read: what came is dropped, `tracestate` with it,
/// and a trace begins here. False when there is none: nobody asked for a trace.
bool restarts_trace(const RequestHead& head) noexcept;

/// A field line that begins a trace, not sampled. `random`: 32 lower-case hexadecimal digits.
std::string new_traceparent(std::string_view random);

}  // namespace beta::http
