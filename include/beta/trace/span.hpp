// Span: one finished request, written as OTLP has it in JSON.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace beta::trace {

/// Lower-case hexadecimal digits, as W3C Trace Context and OTLP's JSON write them.
struct Ids {
    std::array<char, 32> trace{};
    std::array<char, 16> span{};
    std::array<char, 16> parent{};
    bool has_parent = false;  // else the trace begins with this span

    std::string_view trace_id() const noexcept { return {trace.data(), trace.size()}; }
    std::string_view span_id() const noexcept { return {span.data(), span.size()}; }
    std::string_view parent_id() const noexcept { return {parent.data(), parent.size()}; }
};

/// By the numbers of OTLP's Span.SpanKind.
enum class Kind : std::uint8_t { server = 2, client = 3 };

struct Attribute {
    std::string_view key;
    std::variant<std::string_view, std::uint64_t, bool> value;
};

struct Span {
    using Time = std::chrono::system_clock::time_point;

    const Ids& ids;
    std::string_view state = {};  // `tracestate`
    Kind kind = Kind::server;
    std::string_view name = {};
    Time begin{};
    Time end{};
    std::span<const Attribute> attributes = {};
    bool has_failed = false;
};

/// One object of `spans`. Valid JSON, whatever bytes the values hold; those of attributes are cut
/// to max_value bytes.
std::string json(const Span& span);

inline constexpr std::size_t max_value = 1024;

/// Whose spans they are.
struct Resource {
    std::string service;
    std::string plane;
    std::string version;  // of this program
};

/// An ExportTraceServiceRequest; `spans`: objects with commas between them.
std::string request(const Resource& resource, std::string_view spans);

/// Of traces that begin here so many in a million are recorded. Those with this id are: whoever
/// asks the same of the same id gets the same answer (tracestate `th`, the last 56 bits).
bool is_sampled(std::string_view trace_id, std::uint32_t per_million) noexcept;

}  // namespace beta::trace
