// Checks: the tables of them, one for each kind of thing that they speak of.
#pragma once

#include "beta/manifest/checklist.hpp"

#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beta::manifest {

/// Of each container by itself.
struct ContainerCheck {
    List list;
    std::string_view code;
    std::string_view sentence;
    std::string_view compose;     // the remedy there; empty: Compose has no such thing
    std::string_view kubernetes;  // likewise
    /// A finding without subject: this container is not spoken of.
    Finding (*judge)(const Container&);
};

/// Of the deployment as a whole.
struct WholeCheck {
    List list;
    std::string_view code;
    std::string_view sentence;
    std::string_view compose;
    std::string_view kubernetes;
    void (*judge)(const Deployment&, std::vector<Finding>&);
};

std::span<const ContainerCheck> process_checks() noexcept;
std::span<const ContainerCheck> operation_checks() noexcept;
std::span<const WholeCheck> plane_checks() noexcept;
std::span<const WholeCheck> mount_checks() noexcept;
std::span<const WholeCheck> kubernetes_checks() noexcept;
std::span<const WholeCheck> door_checks() noexcept;

inline Finding judged(const Container& container, bool passed, std::string found,
                      const Place& place) {
    return {container.name, passed, std::move(found), place};
}

inline auto all_of(const Deployment& deployment, Role role) {
    return deployment.containers |
           std::views::filter([role](const Container& c) { return c.role == role; });
}

bool is_same_service(const Container& a, const Container& b);

/// "user is \"root\"", or "user is not written".
std::string told(std::string_view key, const Fact& fact);
bool is(const Fact& fact, std::string_view word) noexcept;

}  // namespace beta::manifest
