// Reach: what one file lets pass between this service and another plane, at a glance.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/rule.hpp"
#include "beta/model/known_by.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

enum class Opening : std::uint8_t {
    closed,   // nothing
    limited,  // some: by service, method, path, header, rate, or tunnels alone
    open,     // everything
};
std::string_view word(Opening opening) noexcept;  // "allow", "limited", "deny"

struct Reach {
    Opening opening = Opening::closed;
    std::vector<std::string> rules;  // the allows, or the deny that closes; empty: by default
};

/// Whom the question is about; the file's own plane is the other side.
struct Neighbour {
    Direction direction = Direction::egress;  // egress: we call it
    std::string_view plane;                   // empty at egress: hosts outside
    std::string_view service;                 // ours
    model::KnownBy known_by = model::KnownBy::certificate;
    std::string_view peer = {};  // one service, at egress or host outside, alone; empty: any
};

/// Rules that report change nothing; in a file that reports nothing is blocked. Never says closed
/// of what is not, and never open; what several denies close together it may call limited: `acl
/// prove` is exact.
Reach reach(const PolicyFile& file, const Neighbour& neighbour);

}  // namespace beta::acl
