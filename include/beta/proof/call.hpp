// Call: one concrete request between two parties, as both files are asked about it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace beta::proof {

struct Call {
    std::string from_plane;
    std::string from_service;
    /// False where the callee knows the plane of its caller alone (decision.hpp, Source).
    bool callee_knows_service = true;
    std::string to_plane;  // empty: an external host
    std::string to_name;
    std::string method;
    std::string path;  // empty of a tunnel
    std::vector<std::pair<std::string, std::string>> headers;
    bool tunnel = false;

    bool external() const noexcept { return to_plane.empty(); }
    bool operator==(const Call&) const = default;
};

}  // namespace beta::proof
