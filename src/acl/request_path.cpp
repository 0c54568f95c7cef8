#include "request_path.hpp"

#include <cstdint>

namespace beta::acl {
namespace {

enum class Kind : std::uint8_t { bad, plain, slash, escape };

constexpr bool is_alnum(unsigned char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// pchar (RFC 3986 §3.3) without ';': what follows it is a parameter to some servers and a part of
/// the name to others.
constexpr std::array<Kind, 256> make_kinds() noexcept {
    std::array<Kind, 256> kinds{};
    for (std::size_t c = 0; c < kinds.size(); ++c)
        kinds[c] = is_alnum(static_cast<unsigned char>(c)) ? Kind::plain : Kind::bad;
    for (const char c : std::string_view("-._~!$&'()*+,=:@"))
        kinds[static_cast<unsigned char>(c)] = Kind::plain;
    kinds['/'] = Kind::slash;
    kinds['%'] = Kind::escape;
    return kinds;
}
constexpr auto kinds = make_kinds();

constexpr int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The byte that "%XX" at the start of `text` stands for, or -1.
constexpr int escaped_byte(std::string_view text) noexcept {
    if (text.size() < 3 || text[0] != '%')
        return -1;
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// Escapes that hide what has a plain spelling everywhere, or that servers read as structure.
constexpr bool is_refused_escape(int byte) noexcept {
    const auto c = static_cast<unsigned char>(byte);
    return c < 0x20 || c == 0x7f || is_alnum(c) ||
           std::string_view("-._~/\\%;#?").contains(static_cast<char>(c));
}

/// The range of the second byte after a lead byte (RFC 3629 §4): no overlong form, no surrogate,
/// nothing beyond U+10FFFF.
struct SecondByte {
    int low;
    int high;
};
constexpr SecondByte second_byte(int lead) noexcept {
    switch (lead) {
        case 0xe0:
            return {.low = 0xa0, .high = 0xbf};
        case 0xed:
            return {.low = 0x80, .high = 0x9f};
        case 0xf0:
            return {.low = 0x90, .high = 0xbf};
        case 0xf4:
            return {.low = 0x80, .high = 0x8f};
        default:
            return {.low = 0x80, .high = 0xbf};
    }
}

/// Bytes of `text` that spell one escaped character at its start, or 0 when it is refused.
std::size_t escaped_character(std::string_view text) noexcept {
    const int lead = escaped_byte(text);
    if (lead < 0)
        return 0;
    if (lead < 0x80)
        return is_refused_escape(lead) ? 0 : 3;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    const std::size_t bytes = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    SecondByte range = second_byte(lead);
    for (std::size_t i = 1; i < bytes; ++i) {
        const int next = text.size() < 3 * i ? -1 : escaped_byte(text.substr(3 * i));
        if (next < range.low || next > range.high)
            return 0;
        range = {.low = 0x80, .high = 0xbf};
    }
    return 3 * bytes;
}

}  // namespace

bool RequestPath::split(std::string_view path) noexcept {
    count = 0;
    longer = false;
    if (path.empty() || path.front() != '/')
        return false;
    std::size_t begin = 1;
    bool has_escape = false;
    for (std::size_t i = 1;;) {
        const Kind kind =
            i == path.size() ? Kind::slash : kinds[static_cast<unsigned char>(path[i])];
        if (kind == Kind::plain) {
            ++i;
            continue;
        }
        if (kind == Kind::escape) {
            const std::size_t spelled = escaped_character(path.substr(i));
            if (spelled == 0)
                return false;
            has_escape = true;
            i += spelled;
            continue;
        }
        const std::string_view segment = path.substr(begin, i - begin);
        const bool last = i == path.size();
        if (kind == Kind::bad || segment == "." || segment == ".." || (segment.empty() && !last))
            return false;
        if (count < segments.size())
            segments[count++] = {.text = segment, .escaped = has_escape};
        else
            longer = true;
        if (last)
            return true;
        has_escape = false;
        begin = ++i;
    }
}

std::string_view decoded(std::string_view segment, std::span<char> room) noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i < segment.size(); ++i) {
        if (size == room.size())
            return {};
        char c = segment[i];
        if (c == '%') {
            c = static_cast<char>(escaped_byte(segment.substr(i)));
            i += 2;
        }
        room[size++] = c;
    }
    return {room.data(), size};
}

}  // namespace beta::acl
