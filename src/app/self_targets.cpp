#include "beta/app/self_probe.hpp"
#include "beta/tor/onion_files.hpp"

#include <utility>

namespace beta::app {
namespace {

constexpr std::uint16_t usual_port = 80;

SelfTarget target(const config::Config& config, const Loaded& loaded, std::string plane,
                  const model::OnionAddress& onion, std::uint16_t port) {
    SelfTarget out{.plane = std::move(plane),
                   .onion = onion,
                   .route = {.dial = config.tor_socks,
                             .through_tor = true,
                             .domain = onion.disclose(),
                             .port = port,
                             .plane = config.plane.str(),
                             .service = config.service.str(),
                             .name = config.service.str(),
                             .user = {},
                             .password = {},
                             .tls = {}},
                   .answers = false};
    out.answers = !loaded.credentials || out.plane == config.plane.view();
    if (const auto& ours = loaded.credentials)
        out.route.tls = upstream::Route::Tls{.credentials = ours,
                                             .expected = {.plane = config.plane.str(),
                                                          .service = config.service.str(),
                                                          .id = ours->id()},
                                             .tickets = nullptr,  // the proof is asked each time
                                             .connection_age = config.tls.max_connection_age};
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
