#include "beta/manifest/deployment.hpp"

namespace beta::manifest {

Role role_of(std::string_view word) noexcept {
    if (word == "app")
        return Role::app;
    if (word == "sidecar")
        return Role::sidecar;
    if (word == "tor")
        return Role::tor;
    return word == "watcher" ? Role::watcher : Role::unknown;
}

Fact Container::label(std::string_view word) const {
    const auto found = labels.find("beta-sidecar/" + std::string(word));
    return found == labels.end() ? Fact{.place = place} : found->second;
}

}  // namespace beta::manifest
