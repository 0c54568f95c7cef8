#include "beta/torctl/quoted.hpp"

namespace beta::torctl {
namespace {

bool is_octal(char c) noexcept {
    return c >= '0' && c <= '7';
}

/// "\0" to "\377": at most three digits.
char take_octal(std::string_view& rest) noexcept {
    unsigned value = 0;
    for (int digits = 0; digits < 3 && !rest.empty() && is_octal(rest.front()); ++digits) {
        value = value * 8 + static_cast<unsigned>(rest.front() - '0');
        rest.remove_prefix(1);
    }
    return static_cast<char>(value & 0xFF);
}

/// What stands behind a backslash.
char take_escaped(std::string_view& rest) noexcept {
    const char c = rest.front();
    if (is_octal(c))
        return take_octal(rest);
    rest.remove_prefix(1);
    switch (c) {
        case 'n':
            return '\n';
        case 't':
            return '\t';
        case 'r':
            return '\r';
        default:
            return c;
    }
}

}  // namespace

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    return out + '"';
}

std::string take_quoted(std::string_view& rest) {
    std::string out;
    rest.remove_prefix(1);
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == '\\' && rest.size() > 1) {
            rest.remove_prefix(1);
            out += take_escaped(rest);
            continue;
        }
        rest.remove_prefix(1);
        if (c == '"')
            break;
        out += c;
    }
    return out;
}

}  // namespace beta::torctl
