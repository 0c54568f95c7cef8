// JSON text: any bytes as the inside of a JSON string; a writer of flat objects into memory that is
// there already.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace beta::telemetry {

/// What one byte can become at most: "\u001b".
inline constexpr std::size_t max_escape = 6;

/// Writes `text` escaped (RFC 8259 §7) and returns the new end; at most max_escape * text.size()
/// bytes. The output is valid UTF-8 whatever comes in: bytes that are not become \ufffd. Control
/// characters, DEL and C1 (a terminal acts on them) become \u00XX.
char* escape_json(char* out, std::string_view text) noexcept;

/// The same, behind what `out` holds.
void append_json(std::string& out, std::string_view text);

/// At most `limit` bytes of `text`, cut between characters.
std::string_view clip(std::string_view text, std::size_t limit) noexcept;

/// Writes one object on one line. The caller provides the room: see room_for().
class JsonLine {
  public:
    explicit JsonLine(char* at) noexcept : at_(at) { *at_++ = '{'; }

    /// `key` needs no escaping. Longer values are clipped to `limit` bytes and end in "…".
    void text(std::string_view key, std::string_view value, std::size_t limit) noexcept;
    /// `value` needs no escaping.
    void word(std::string_view key, std::string_view value) noexcept;
    void number(std::string_view key, std::uint64_t value) noexcept;
    /// Less than a million of them, as a fraction of one.
    void millionths(std::string_view key, std::uint32_t value) noexcept;
    void flag(std::string_view key, bool value) noexcept;
    /// Milliseconds with three decimals.
    void milliseconds(std::string_view key, std::chrono::nanoseconds value) noexcept;
    /// Ends the object and the line.
    char* finish() noexcept;

    /// Bytes that text() may need.
    static constexpr std::size_t room_for(std::size_t key, std::size_t limit) noexcept {
        return key + limit * max_escape + 9;  // ,"":"" and the ellipsis
    }

  private:
    void key(std::string_view name) noexcept {
        if (at_[-1] != '{')
            *at_++ = ',';
        *at_++ = '"';
        copy(name);
        *at_++ = '"';
        *at_++ = ':';
    }
    void copy(std::string_view bytes) noexcept {
        std::memcpy(at_, bytes.data(), bytes.size());
        at_ += bytes.size();
    }

    char* at_;
};

/// RFC 3339 in UTC with milliseconds; the date is worked out once a second.
class Timestamp {
  public:
    std::string_view of(std::chrono::system_clock::time_point time) noexcept;

  private:
    std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
    char text_[24] = {};  // 2025-01-02T03:04:05.678Z
};

}  // namespace beta::telemetry
