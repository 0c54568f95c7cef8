#include "beta/app/routes.hpp"

namespace beta::app {

std::vector<std::optional<upstream::Route>> routes(const config::Config& config,
                                                   const tor::Isolation& isolation,
                                                   const directory::Directory& directory) {
    std::vector<std::optional<upstream::Route>> result;
    result.resize(directory.entries().size() + 1);
    if (config.app)
        result[upstream::own_app] = upstream::Route{.dial = *config.app,
                                                    .through_tor = false,
                                                    .domain = {},
                                                    .port = 0,
                                                    .user = {},
                                                    .password = {}};
    for (const auto& entry : directory.entries()) {
        auto [user, password] =
            isolation.credentials(config.plane.view(), config.service.view(), entry.name);
        std::optional<upstream::Route> route;
        if (entry.external) {
            route = upstream::Route{.dial = config.tor_socks,
                                    .through_tor = true,
                                    .domain = entry.external->host,
                                    .port = entry.external->port,
                                    .user = std::move(user),
                                    .password = std::move(password),
                                    .speaks_first = true};
        } else if (const auto* const onion = entry.onion->for_caller(config.plane.view())) {
            route = upstream::Route{.dial = config.tor_socks,
                                    .through_tor = true,
                                    .domain = onion->disclose(),
                                    .port = entry.onion->port,
                                    .user = std::move(user),
                                    .password = std::move(password)};
        }
        result[upstream::destination_id(entry.id)] = std::move(route);
    }
    return result;
}

}  // namespace beta::app
