// PathPattern: a path of a rule. Literal segments, `*` for one segment, `**` at the end for any
// number of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

enum class PatternError : std::uint8_t {
    no_leading_slash,
    not_canonical,
    star_in_segment,
    deep_not_last,
    too_many_segments,
    segment_too_long,
};

std::string_view sentence(PatternError error) noexcept;

/// Matching compares segments after decoding %XX, so that neither a rule nor a request is evaded by
/// spelling. The trailing slash counts: "/a/" has an empty last segment, which only "/a/" itself
/// and `**` match, never `*`.
class PathPattern {
  public:
    static constexpr std::size_t most_segments = 32;
    static constexpr std::size_t longest_segment = 255;  // decoded

    struct Segment {
        bool any = false;  // `*`
        std::string text;  // decoded; of a literal
        bool operator==(const Segment&) const = default;
    };

    static std::expected<PathPattern, PatternError> parse(std::string_view text);

    /// False for a path that is not canonical. Allocates nothing.
    bool matches(std::string_view path) const noexcept;

    const std::string& str() const noexcept { return text_; }
    const std::vector<Segment>& segments() const noexcept { return segments_; }
    bool deep() const noexcept { return deep_; }  // ends in `**`

  private:
    PathPattern() = default;
    std::string text_;
    std::vector<Segment> segments_;
    bool deep_ = false;
};

}  // namespace beta::acl
