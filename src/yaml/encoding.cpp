#include "encoding.hpp"

#include <algorithm>

namespace beta::yaml {
namespace {

/// Length of the well-formed sequence at the start of `text`, 0 when there is none; `point` is what
/// it encodes.
std::size_t decode(std::string_view text, char32_t& point) noexcept {
    const auto lead = static_cast<unsigned char>(text.front());
    std::size_t length = 1;
    char32_t least = 0;
    point = lead;
    if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4, least = 0x10000, point = lead & 0x07u;
    } else if (lead >= 0xe0) {
        length = 3, least = 0x800, point = lead & 0x0fu;
    } else if (lead >= 0xc2) {
        length = 2, least = 0x80, point = lead & 0x1fu;
    }
    if (lead > 0xf4 || (lead >= 0x80 && lead < 0xc2) || text.size() < length)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xc0u) != 0x80u)
            return 0;
        point = (point << 6) | (next & 0x3fu);
    }
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    return point < least || point > 0x10ffff || surrogate ? 0 : length;
}

/// What a person cannot see in an editor has no place in a policy.
bool is_plain(char32_t point) noexcept {
    if (point == U'\t' || point == U'\n' || point == U'\r')
        return true;
    if (point < 0x20 || (point >= 0x7f && point <= 0x9f))
        return false;
    const bool separator = point == 0x2028 || point == 0x2029;
    const bool reorders =
        (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
    return !separator && !reorders && point != 0xfeff && (point & 0xfffeu) != 0xfffe;
}

}  // namespace

Place place_of_byte(std::string_view text, std::size_t at) {
    const std::string_view before = text.substr(0, at);
    const auto lines = std::ranges::count(before, '\n');
    const std::string_view line = before.substr(before.rfind('\n') + 1);  // npos + 1 is 0
    const auto characters = std::ranges::count_if(
        line, [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0u) != 0x80u; });
    return {.line = static_cast<std::uint32_t>(lines + 1),
            .column = static_cast<std::uint32_t>(characters + 1)};
}

std::size_t first_bad_byte(std::string_view text) noexcept {
    std::size_t at = 0;
    while (at < text.size()) {
        char32_t point = 0;
        const std::size_t length = decode(text.substr(at), point);
        const bool lone_return = point == U'\r' && !text.substr(at).starts_with("\r\n");
        if (length == 0 || !is_plain(point) || lone_return)
            return at;
        at += length;
    }
    return at;
}

}  // namespace beta::yaml
