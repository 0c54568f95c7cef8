// Match: one rule against one request by plain comparison, part by part. For explaining; deciding
// uses the index, and tests hold the two against each other.
#pragma once

#include "beta/acl/rule.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

enum class Part : std::uint8_t {
    source_plane,
    source_service,
    destination_plane,
    destination_service,
    method,
    path,
};

/// Why no rule of this file may be asked at all, or nothing.
std::string_view unanswerable(const PolicyFile& file, const Request& request) noexcept;

/// The parts of the rule that the request does not fit.
std::vector<Part> misfits(const Rule& rule, const Request& request);

/// A sentence that says how it does not fit.
std::string sentence(Part part, const Rule& rule, const Request& request);

}  // namespace beta::acl
