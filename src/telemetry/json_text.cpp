#include "beta/telemetry/json_text.hpp"

#include <array>
#include <bit>
#include <charconv>

namespace beta::telemetry {
namespace {

constexpr char hex[] = "0123456789abcdef";

/// Bytes that go out as they are.
constexpr auto plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x7f; ++c)
        table[c] = c != '"' && c != '\\';
    return table;
}();

/// Whether all eight bytes are plain (Hacker's Delight §6: a byte that is zero or below n sets its
/// high bit).
bool all_plain(std::uint64_t word) noexcept {
    constexpr std::uint64_t ones = 0x0101010101010101ull;
    constexpr std::uint64_t high = ones * 0x80;
    const auto has_zero = [](std::uint64_t v) { return (v - ones) & ~v; };
    const auto control = (word - ones * 0x20) & ~word;
    const auto special = has_zero(word ^ (ones * '"')) | has_zero(word ^ (ones * '\\')) |
                         has_zero(word ^ (ones * 0x7f));
    return ((word | control | special) & high) == 0;
}

char* escape_unit(char* out, unsigned unit) noexcept {
    *out++ = '\\';
    *out++ = 'u';
    *out++ = hex[unit >> 12 & 0xF];
    *out++ = hex[unit >> 8 & 0xF];
    *out++ = hex[unit >> 4 & 0xF];
    *out++ = hex[unit & 0xF];
    return out;
}

/// Length of the well-formed sequence that `text` begins with, 0 when there is none (Unicode, table
/// 3-7). `text` begins with a byte above 0x7f.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto byte = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
    };
    const auto within = [&](std::size_t i, unsigned low, unsigned top) {
        return byte(i) >= low && byte(i) <= top;
    };
    const auto tail = [&](std::size_t i) { return within(i, 0x80, 0xBF); };
    const auto first = byte(0);
    if (first >= 0xC2 && first <= 0xDF)
        return tail(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;  // overlong
        const unsigned top = first == 0xED ? 0x9F : 0xBF;  // surrogates
        return within(1, low, top) && tail(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;  // overlong
        const unsigned top = first == 0xF4 ? 0x8F : 0xBF;  // above U+10FFFF
        return within(1, low, top) && tail(2) && tail(3) ? 4 : 0;
    }
    return 0;
}

char* escape_ascii(char* out, unsigned char c) noexcept {
    char letter = 0;
    switch (c) {
        case '"':
        case '\\':
            letter = static_cast<char>(c);
            break;
        case '\n':
            letter = 'n';
            break;
        case '\r':
            letter = 'r';
            break;
        case '\t':
            letter = 't';
            break;
        default:
            return escape_unit(out, c);
    }
    *out++ = '\\';
    *out++ = letter;
    return out;
}

/// Writes what stands at `at`, one character or one byte that is none, and moves behind it.
char* escape_one(char* out, const char*& at, const char* end) noexcept {
    const auto c = static_cast<unsigned char>(*at);
    std::size_t length = 1;
    if (plain[c]) {
        *out++ = static_cast<char>(c);
    } else if (c < 0x80) {
        out = escape_ascii(out, c);
    } else if (length = sequence_length({at, end}); length == 0) {
        out = escape_unit(out, 0xFFFD);
        length = 1;
    } else if (c == 0xC2 && static_cast<unsigned char>(at[1]) < 0xA0) {
        out = escape_unit(out, static_cast<unsigned char>(at[1]));
    } else {
        std::memcpy(out, at, length);
        out += length;
    }
    at += length;
    return out;
}

std::uint64_t load(const char* at) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return word;
}

void two_digits(char* at, unsigned value) noexcept {
    at[0] = static_cast<char>('0' + value / 10 % 10);
    at[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

/// Eight bytes at a time while nothing needs escaping, which is nearly always.
char* escape_json(char* out, std::string_view text) noexcept {
    const char* at = text.data();
    const char* const end = at + text.size();
    while (end - at >= 8) {
        if (const auto word = load(at); all_plain(word)) {
            std::memcpy(out, &word, sizeof word);
            out += sizeof word;
            at += sizeof word;
        } else {
            out = escape_one(out, at, end);
        }
    }
    // The last eight again: where all of them are plain, those before `at` were just written as
    // they are.
    if (text.size() >= 8 && at != end) {
        if (const auto word = load(end - 8); all_plain(word)) {
            const auto rest = end - at;
            std::memcpy(out - (8 - rest), &word, sizeof word);
            return out + rest;
        }
    }
    while (at != end)
        out = escape_one(out, at, end);
    return out;
}

void append_json(std::string& out, std::string_view text) {
    const auto at = out.size();
    out.resize(at + text.size() * max_escape);
    const char* const end = escape_json(out.data() + at, text);
    out.resize(static_cast<std::size_t>(end - out.data()));
}

std::string_view clip(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit)
        return text;
    auto end = limit;
    while (end > 0 && limit - end < 3 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

void JsonLine::text(std::string_view name, std::string_view value, std::size_t limit) noexcept {
    key(name);
    *at_++ = '"';
    at_ = escape_json(at_, clip(value, limit));
    if (value.size() > limit)
        copy("…");
    *at_++ = '"';
}

void JsonLine::word(std::string_view name, std::string_view value) noexcept {
    key(name);
    *at_++ = '"';
    copy(value);
    *at_++ = '"';
}

void JsonLine::number(std::string_view name, std::uint64_t value) noexcept {
    key(name);
    at_ = std::to_chars(at_, at_ + 20, value).ptr;
}

void JsonLine::millionths(std::string_view name, std::uint32_t value) noexcept {
    key(name);
    copy("0.");
    for (std::uint32_t unit = 100'000; value != 0; value %= unit, unit /= 10)
        *at_++ = static_cast<char>('0' + value / unit % 10);
}

void JsonLine::flag(std::string_view name, bool value) noexcept {
    key(name);
    copy(value ? "true" : "false");
}

void JsonLine::milliseconds(std::string_view name, std::chrono::nanoseconds value) noexcept {
    const auto us = value.count() < 0 ? 0u : static_cast<std::uint64_t>(value.count()) / 1000;
    number(name, us / 1000);
    const auto rest = static_cast<unsigned>(us % 1000);
    *at_++ = '.';
    *at_++ = static_cast<char>('0' + rest / 100);
    two_digits(at_, rest % 100);
    at_ += 2;
}

char* JsonLine::finish() noexcept {
    *at_++ = '}';
    *at_++ = '\n';
    return at_;
}

std::string_view Timestamp::of(std::chrono::system_clock::time_point time) noexcept {
    using namespace std::chrono;
    const auto second = floor<seconds>(time);
    if (second != second_) {
        second_ = second;
        const auto day = floor<days>(second);
        const year_month_day date{day};
        const hh_mm_ss clock{second - day};
        const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
        std::memcpy(text_, "0000-00-00T00:00:00.000Z", sizeof text_);
        two_digits(text_, year / 100);
        two_digits(text_ + 2, year);
        two_digits(text_ + 5, static_cast<unsigned>(date.month()));
        two_digits(text_ + 8, static_cast<unsigned>(date.day()));
        two_digits(text_ + 11, static_cast<unsigned>(clock.hours().count()));
        two_digits(text_ + 14, static_cast<unsigned>(clock.minutes().count()));
        two_digits(text_ + 17, static_cast<unsigned>(clock.seconds().count()));
    }
    const auto fraction = static_cast<unsigned>(floor<milliseconds>(time - second).count());
    text_[20] = static_cast<char>('0' + fraction / 100);
    two_digits(text_ + 21, fraction);
    return {text_, sizeof text_};
}

}  // namespace beta::telemetry
