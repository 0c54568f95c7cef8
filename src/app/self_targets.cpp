#include "beta/app/routes.hpp"
#include "beta/app/self_probe.hpp"
#include "beta/tor/onion_files.hpp"

#include <utility>

namespace beta::app {
namespace {

constexpr std::uint16_t usual_port = 80;

SelfTarget target(const config::Config& config, const Loaded& loaded, std::string plane,
                  const model::OnionAddress& onion, std::uint16_t port) {
    const auto& ours = loaded.credentials;
    SelfTarget out{
        .plane = std::move(plane),
        .onion = onion,
        .route = through_tor(config, onion.disclose(), port, config.service.str()),
        .answers = false,
    };
    out.answers = !ours || out.plane == config.plane.view();
    if (ours)
        out.route.tls = secured(
            config, ours,
            {.plane = config.plane.str(), .service = config.service.str(), .id = ours->id()},
            nullptr);
    return out;
}

}  // namespace

std::expected<std::vector<SelfTarget>, std::string> self_targets(const config::Config& config,
                                                                 const Loaded& loaded) {
    std::vector<SelfTarget> all;
    const auto* const self = loaded.directory->find(config.service.view());
    const auto* const route = self != nullptr && self->onion ? &*self->onion : nullptr;
    if (route != nullptr && route->any)
        all.push_back(target(config, loaded, "any", *route->any, route->port));
    if (route != nullptr) {
        for (const auto& [plane, onion] : route->by_plane)
            all.push_back(target(config, loaded, plane, onion, route->port));
        return all;
    }
    if (!config.tor_publish)
        return all;
    auto own = tor::own_onions(config);
    if (!own)
        return std::unexpected(std::move(own.error()));
    for (const auto& onion : *own)
        all.push_back(target(config, loaded, onion.plane.str(), onion.key.address(), usual_port));
    return all;
}

}  // namespace beta::app
