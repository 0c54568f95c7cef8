// Match: one rule against one request by plain comparison, part by part. For explaining; deciding
// uses the index, and tests hold the two against each other.
#pragma once

#include "beta/acl/rule.hpp"

#include "outcome.hpp"

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
    external,  // one of rule and request is about hosts outside, or about others
    tunnel,    // one of them is about CONNECT
    method,
    path,
    operation,
    headers,
};

/// Why no rule of this file may be asked at all, or nothing. Such a denial is enforced whatever the
/// mode: there is no decision to report.
std::string_view unanswerable(const PolicyFile& file, const Request& request) noexcept;

/// The parts of the rule that the request does not fit.
std::vector<Part> misfits(const PolicyFile& file, const Rule& rule, const Request& request);

/// A sentence that says how it does not fit.
std::string sentence(Part part, const PolicyFile& file, const Rule& rule, const Request& request);

bool is_reported(const PolicyFile& file, const Rule& rule) noexcept;

/// What a look at every rule finds; the index must find the same.
Outcome scan(const PolicyFile& file, const Request& request);

}  // namespace beta::acl
