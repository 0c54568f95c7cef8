#include "spiffe_id.hpp"

#include <algorithm>

namespace beta::tls {
namespace {

constexpr std::size_t longest_uri = 2048;          // SPIFFE-ID §2.3
constexpr std::size_t longest_trust_domain = 255;  // the same

bool is_lower(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_path_character(char c) noexcept {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_dots(std::string_view segment) noexcept {
    return segment == "." || segment == "..";
}

std::expected<void, IdentityFault> check_path(std::string_view path) noexcept {
    if (path.ends_with('/'))
        return std::unexpected(IdentityFault::uri_trailing_slash);
    while (!path.empty()) {
        const std::string_view segment = take_segment(path);
        if (segment.empty())
            return std::unexpected(IdentityFault::uri_empty_segment);
        if (is_dots(segment))
            return std::unexpected(IdentityFault::uri_dot_segment);
        if (!is_segment(segment))
            return std::unexpected(IdentityFault::uri_bad_character);
    }
    return {};
}

/// What any part of a general URI may have and a SPIFFE ID may not.
std::expected<void, IdentityFault> check_marks(std::string_view uri) noexcept {
    if (uri.contains('?'))
        return std::unexpected(IdentityFault::uri_query);
    if (uri.contains('#'))
        return std::unexpected(IdentityFault::uri_fragment);
    if (uri.contains('%'))
        return std::unexpected(IdentityFault::uri_escape);
    return {};
}

std::expected<void, IdentityFault> check_authority(std::string_view authority) noexcept {
    if (authority.contains('@'))
        return std::unexpected(IdentityFault::uri_user);
    if (authority.contains(':'))
        return std::unexpected(IdentityFault::uri_port);
    if (!is_trust_domain(authority))
        return std::unexpected(IdentityFault::bad_trust_domain);
    return {};
}

}  // namespace

std::expected<SpiffeId, IdentityFault> split_spiffe_id(std::string_view uri) noexcept {
    if (uri.size() > longest_uri)
        return std::unexpected(IdentityFault::uri_too_long);
    if (!uri.starts_with(spiffe_scheme))
        return std::unexpected(IdentityFault::not_spiffe);
    if (const auto marks = check_marks(uri); !marks)
        return std::unexpected(marks.error());
    uri.remove_prefix(spiffe_scheme.size());
    const SpiffeId id{uri.substr(0, uri.find('/')),
                      uri.substr(std::min(uri.find('/'), uri.size()))};
    if (const auto authority = check_authority(id.trust_domain); !authority)
        return std::unexpected(authority.error());
    if (const auto path = check_path(id.path); !path)
        return std::unexpected(path.error());
    return id;
}

bool is_trust_domain(std::string_view text) noexcept {
    return !text.empty() && text.size() <= longest_trust_domain &&
           std::ranges::all_of(text, is_lower);
}

bool is_segment(std::string_view text) noexcept {
    return !text.empty() && !is_dots(text) && std::ranges::all_of(text, is_path_character);
}

std::string_view take_segment(std::string_view& path) noexcept {
    const std::size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(1, end - 1);
    path.remove_prefix(end);
    return segment;
}

}  // namespace beta::tls
