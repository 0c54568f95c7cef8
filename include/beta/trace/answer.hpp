// Answer: what a collector's answer means for the spans that were sent (OTLP §OTLP/HTTP Response).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beta::trace {

struct Answer {
    enum class Verdict : std::uint8_t {
        taken,    // but for `rejected` of them
        refused,  // and would be again
        later,    // not now
        denied,   // our own policy lets nothing go there, or the directory does not know it
    };
    Verdict verdict = Verdict::later;
    std::size_t rejected = 0;
    std::chrono::seconds after{0};  // of `later`, as far as the collector says
};

/// 2xx is taken; 429, 502, 503, 504 are worth another try; all else is not.
Answer::Verdict verdict_of(std::uint16_t status) noexcept;

/// `rejectedSpans` of a body's `partialSuccess`; 0 when there is none.
std::size_t rejected_spans(std::string_view body) noexcept;

/// `Retry-After` in seconds (RFC 9110 §10.2.3), no more than an hour of it; 0 for a date: our own
/// pace will do.
std::chrono::seconds retry_after(std::string_view value) noexcept;

}  // namespace beta::trace
