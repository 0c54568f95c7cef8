#include "beta/http/target.hpp"

#include <array>
#include <cstdint>

namespace beta::http {
namespace {

constexpr bool is_alnum(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// pchar of RFC 3986 §3.3 without '%' (seen to apart) and without ';' (path parameters split
/// servers).
constexpr std::array<bool, 256> make_plain() noexcept {
    std::array<bool, 256> plain{};
    for (int c = 0; c < 256; ++c)
        plain[static_cast<std::size_t>(c)] = is_alnum(static_cast<char>(c));
    for (const char c : std::string_view{"-._~!$&'()*+,=:@"})
        plain[static_cast<std::uint8_t>(c)] = true;
    return plain;
}
constexpr auto plain = make_plain();

constexpr int hex(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// Encoded UTF-8 as it goes by (RFC 3629 §4): overlong forms, surrogates and stray bytes are
/// refused.
class Utf8 {
  public:
    bool feed(std::uint8_t byte) noexcept {
        if (left_ == 0)
            return begin(byte);
        if (byte < low_ || byte > high_)
            return false;
        low_ = 0x80;
        high_ = 0xBF;
        --left_;
        return true;
    }
    bool complete() const noexcept { return left_ == 0; }

  private:
    bool begin(std::uint8_t byte) noexcept {
        low_ = 0x80;
        high_ = 0xBF;
        if (byte < 0x80)
            return true;
        if (byte < 0xC2 || byte > 0xF4)
            return false;
        left_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
        if (byte == 0xE0)
            low_ = 0xA0;
        if (byte == 0xED)
            high_ = 0x9F;
        if (byte == 0xF0)
            low_ = 0x90;
        if (byte == 0xF4)
            high_ = 0x8F;
        return true;
    }
    int left_ = 0;
    std::uint8_t low_ = 0x80;
    std::uint8_t high_ = 0xBF;
};

bool is_dot_segment(std::string_view segment) noexcept {
    return segment == "." || segment == "..";
}

/// An encoded byte that has a plain spelling, or that servers decode into something else, is not
/// canonical.
bool may_be_encoded(int value) noexcept {
    const char c = static_cast<char>(value);
    if (value < 0x20 || value == 0x7F)
        return false;
    if (value >= 0x80)
        return true;
    return !is_alnum(c) && std::string_view{"-._~/\\%;#?"}.find(c) == std::string_view::npos;
}

}  // namespace

bool is_canonical_path(std::string_view path) noexcept {
    if (path.empty() || path.front() != '/')
        return false;
    Utf8 utf8;
    std::size_t segment = 1;  // start of the segment under way
    for (std::size_t i = 1; i < path.size(); ++i) {
        const char c = path[i];
        if (c == '/') {
            if (i == segment || is_dot_segment(path.substr(segment, i - segment)) ||
                !utf8.complete())
                return false;
            segment = i + 1;
        } else if (c == '%') {
            if (i + 2 >= path.size() || hex(path[i + 1]) < 0 || hex(path[i + 2]) < 0)
                return false;
            const int value = hex(path[i + 1]) * 16 + hex(path[i + 2]);
            if (!may_be_encoded(value) || !utf8.feed(static_cast<std::uint8_t>(value)))
                return false;
            i += 2;
        } else if (!plain[static_cast<std::uint8_t>(c)] || !utf8.complete()) {
            return false;
        }
    }
    return utf8.complete() && !is_dot_segment(path.substr(segment));
}

}  // namespace beta::http
