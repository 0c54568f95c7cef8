#include "beta/acl/path_pattern.hpp"

#include "request_path.hpp"

#include <array>

namespace beta::acl {
namespace {

bool same(const PathPattern::Segment& wanted, const RequestPath::Segment& given) noexcept {
    if (wanted.any)
        return !given.text.empty();
    if (!given.escaped)
        return wanted.text == given.text;
    std::array<char, PathPattern::longest_segment> room;
    const std::string_view text = decoded(given.text, room);
    return !text.empty() && wanted.text == text;
}

}  // namespace

std::string_view sentence(PatternError error) noexcept {
    switch (error) {
        case PatternError::no_leading_slash:
            return "a path begins with /";
        case PatternError::not_canonical:
            return "not a canonical path, so no request can have it: no dot segments, no //, no ; "
                   "# ? \\, no blanks; other characters than ASCII as %XX of UTF-8";
        case PatternError::star_in_segment:
            return "* stands for a whole segment, as in /a/*/b; a literal star is %2A";
        case PatternError::deep_not_last:
            return "** stands at the end only";
        case PatternError::too_many_segments:
            return "more than 32 segments; end it with ** earlier";
        case PatternError::segment_too_long:
            return "a segment is longer than 255 bytes";
    }
    return "not a path";
}

std::expected<PathPattern, PatternError> PathPattern::parse(std::string_view text) {
    if (!text.starts_with('/'))
        return std::unexpected(PatternError::no_leading_slash);
    RequestPath path;
    if (!path.split(text))  // a star is an ordinary character there
        return std::unexpected(PatternError::not_canonical);
    PathPattern pattern;
    pattern.text_ = text;
    std::array<char, longest_segment> room;
    for (std::size_t i = 0; i < path.count; ++i) {
        const std::string_view given = path.segments[i].text;
        if (pattern.deep_)
            return std::unexpected(PatternError::deep_not_last);
        if (given == "**") {
            pattern.deep_ = true;
        } else if (given == "*") {
            pattern.segments_.push_back({.any = true, .text = {}});
        } else if (given.contains('*')) {
            return std::unexpected(PatternError::star_in_segment);
        } else {
            const std::string_view literal = decoded(given, room);
            if (literal.empty() && !given.empty())
                return std::unexpected(PatternError::segment_too_long);
            pattern.segments_.push_back({.any = false, .text = std::string(literal)});
        }
    }
    if (path.longer)
        return std::unexpected(PatternError::too_many_segments);
    return pattern;
}

bool PathPattern::matches(std::string_view path) const noexcept {
    RequestPath given;
    if (!given.split(path) || given.count < segments_.size())
        return false;
    if (!deep_ && (given.longer || given.count != segments_.size()))
        return false;
    for (std::size_t i = 0; i < segments_.size(); ++i)
        if (!same(segments_[i], given.segments[i]))
            return false;
    return true;
}

}  // namespace beta::acl
