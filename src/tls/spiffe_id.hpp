// The grammar of a SPIFFE ID (SPIFFE-ID §2), on text alone.
#pragma once

#include "beta/tls/identity_fault.hpp"

#include <expected>
#include <string_view>

namespace beta::tls {

inline constexpr std::string_view spiffe_scheme = "spiffe://";

/// Views into the text that was split.
struct SpiffeId {
    std::string_view trust_domain;
    std::string_view path;  // empty, or segments that each begin with a slash
};

std::expected<SpiffeId, IdentityFault> split_spiffe_id(std::string_view uri) noexcept;

bool is_trust_domain(std::string_view text) noexcept;
/// 1 or more of the characters of a path, but neither "." nor "..".
bool is_segment(std::string_view text) noexcept;
/// Takes the first segment, without its slash, off a path that begins with one.
std::string_view take_segment(std::string_view& path) noexcept;

}  // namespace beta::tls
