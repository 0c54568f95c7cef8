// Trace context: `traceparent` and `tracestate` read and written (W3C Trace Context, level 1).
#pragma once

#include "beta/http/head.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beta::http {

/// §3.2.2: version, trace-id, parent-id and flags; no id of zeros. Of a later version the same
/// beginning. Pure.
bool is_traceparent(std::string_view value) noexcept;

/// §4.3: several of them, or one that cannot be read: what came is dropped, `tracestate` with it,
/// and a trace begins here. False when there is none: nobody asked for a trace.
bool restarts_trace(const RequestHead& head) noexcept;

/// Views into the head, or into whatever a new one is made of: lower-case hexadecimal digits.
struct TraceParent {
    std::string_view trace_id;   // 32 digits
    std::string_view parent_id;  // 16
    std::uint8_t flags = 0;

    static constexpr std::uint8_t sampled = 1;
    static constexpr std::uint8_t random = 2;  // level 2 §3.2.2.5.2: passed on
    bool is_sampled() const noexcept { return (flags & sampled) != 0; }
};

/// The one that came; none when there is none, or when it restarts_trace().
std::optional<TraceParent> trace_parent(const RequestHead& head) noexcept;

/// §3.3.1: the lines of `tracestate` as one list. Empty when it is longer than the 512 bytes that
/// §3.3.1.5 asks to keep.
std::string trace_state(const RequestHead& head);

/// A whole field line, of version 00 and with the flags that it knows.
std::string traceparent_line(const TraceParent& trace);

}  // namespace beta::http
