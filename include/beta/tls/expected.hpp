// Expected: whom the other end of a TLS connection has to be.
#pragma once

#include "beta/model/identity.hpp"

#include <string>
#include <string_view>

namespace beta::tls {

struct Expected {
    std::string plane;
    std::string service;  // empty: any of that plane
    std::string id;       // exactly these words of the certificate; empty: any

    /// What does not agree, in one word; empty when all does.
    std::string_view objection(const model::Identity& found) const noexcept {
        if (found.plane.view() != plane)
            return "other_plane";
        if (!service.empty() && found.service.view() != service)
            return "other_service";
        return id.empty() || found.id == id ? "" : "other_identity";
    }

    bool operator==(const Expected&) const = default;
};

}  // namespace beta::tls
