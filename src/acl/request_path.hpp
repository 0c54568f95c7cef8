// RequestPath: a request's path in segments, checked to be canonical once more.
#pragma once

#include "beta/acl/path_pattern.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace beta::acl {

/// Where a path is cut, without copying. Segments beyond what any pattern can name are not kept.
struct RequestPath {
    struct Segment {
        std::string_view text;
        bool escaped;  // holds %XX
    };

    std::array<Segment, PathPattern::most_segments> segments;
    std::size_t count;
    bool longer;  // more segments than are kept

    /// False when `path` is not canonical: RFC 3986 §3.3 without dot segments, empty segments but
    /// the last, path parameters, and escapes that servers decode differently. HTTP has refused
    /// such a path with 400 long before; nothing here relies on it.
    bool split(std::string_view path) noexcept;
};

/// Writes the segment without its escapes; the written part of `room`, or nothing if that is too
/// small. Of a canonical segment only.
std::string_view decoded(std::string_view segment, std::span<char> room) noexcept;

}  // namespace beta::acl
