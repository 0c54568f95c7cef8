#include "beta/telemetry/text_line.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <vector>

namespace beta::telemetry {
namespace {

constexpr std::string_view reset = "\x1b[0m", red = "\x1b[31m", green = "\x1b[32m",
                           yellow = "\x1b[33m", dim = "\x1b[2m";

struct Field {
    std::string_view key;
    std::string_view value;  // of a string the inside, escaped
    bool is_text = false;
};

/// Behind the closing quote; npos when there is none. `at` is behind the opening one.
std::size_t string_end(std::string_view line, std::size_t at) {
    for (; at < line.size(); ++at) {
        if (line[at] == '\\')
            ++at;
        else if (line[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

/// Behind a value of any kind.
std::size_t value_end(std::string_view line, std::size_t at) {
    std::size_t depth = 0;
    while (at < line.size()) {
        const char c = line[at];
        if (c == '"') {
            at = string_end(line, at + 1);
            if (at == line.npos || depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}'))
            return at;
        if (c == '{' || c == '[')
            ++depth;
        if (c == '}' || c == ']') {
            --depth;
            if (depth == 0)
                return at + 1;
        }
        ++at;
    }
    return std::string_view::npos;
}

/// The fields of an object as our writers make them: no blank outside of strings.
std::optional<std::vector<Field>> fields_of(std::string_view line) {
    std::vector<Field> fields;
    std::size_t at = 0;
    for (char before = '{'; at < line.size() && line[at] == before; before = ',') {
        ++at;
        const bool has_key = at < line.size() && line[at] == '"';
        const auto key_end = has_key ? string_end(line, at + 1) : std::string_view::npos;
        if (key_end >= line.size() || line[key_end] != ':')
            return std::nullopt;
        const auto end = value_end(line, key_end + 1);
        if (end >= line.size())
            return std::nullopt;
        Field field{.key = line.substr(at + 1, key_end - at - 2),
                    .value = line.substr(key_end + 1, end - key_end - 1)};
        field.is_text = field.value.starts_with('"');
        if (field.is_text)
            field.value = field.value.substr(1, field.value.size() - 2);
        fields.push_back(field);
        at = end;
    }
    if (fields.empty() || line.substr(at) != "}\n")
        return std::nullopt;
    return fields;
}

/// Characters of Unicode without a shape that turn, join or hide what stands beside them
/// (Trojan Source, CVE-2021-42574). All are of three bytes; 0 for any other.
unsigned hidden(std::string_view text) {
    if (text.size() < 3)
        return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned point = (byte(0) & 0x0fu) << 12 | (byte(1) & 0x3fu) << 6 | (byte(2) & 0x3fu);
    const bool is_hidden = (point >= 0x200b && point <= 0x200f) ||
                           (point >= 0x2028 && point <= 0x202e) ||
                           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
    return (byte(0) & 0xf0u) == 0xe0u && is_hidden ? point : 0;
}

void append_shown(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto point = hidden(text.substr(i));
        if (point == 0) {
            out += text[i];
            continue;
        }
        out += "\\u";
        for (const unsigned shift : {12u, 8u, 4u, 0u})
            out += digits[point >> shift & 15];
        i += 2;
    }
}

void append_value(std::string& out, const Field& field) {
    const bool quoted = field.is_text && (field.value.empty() || field.value.contains(' '));
    if (quoted)
        out += '"';
    append_shown(out, field.value);
    if (quoted)
        out += '"';
}

/// What comes first, in this order, without its key.
constexpr std::array<std::string_view, 8> leading{
    "timestamp",           "log",      "level",  "beta.direction", "http.response.status_code",
    "http.request.method", "url.path", "message"};

std::string_view colour_for(const Field& field) {
    if (field.key == "timestamp")
        return dim;
    if (field.key == "level")
        return field.value == "error" ? red : field.value == "warn" ? yellow : green;
    if (field.key == "http.response.status_code")
        return field.value.starts_with('5') ? red : field.value.starts_with('4') ? yellow : green;
    return {};
}

}  // namespace

bool shows_colour(int descriptor) {
    const char* const refused = std::getenv("NO_COLOR");
    const bool is_wanted = refused == nullptr || *refused == '\0';
    return is_wanted && ::isatty(descriptor) == 1;
}

void append_text_line(std::string& out, std::string_view line, bool in_colour) {
    const auto fields = fields_of(line);
    if (!fields) {
        out += line;
        return;
    }
    std::string_view gap;
    for (const auto key : leading) {
        const auto field = std::ranges::find(*fields, key, &Field::key);
        if (field == fields->end())
            continue;
        const auto paint = in_colour ? colour_for(*field) : std::string_view{};
        out.append(gap).append(paint);
        append_value(out, *field);
        if (!paint.empty())
            out += reset;
        gap = " ";
    }
    for (const auto& field : *fields) {
        if (std::ranges::find(leading, field.key) != leading.end())
            continue;
        out += gap;
        append_shown(out, field.key);
        out += '=';
        append_value(out, field);
        gap = " ";
    }
    out += '\n';
}

}  // namespace beta::telemetry
