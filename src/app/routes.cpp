#include "beta/app/routes.hpp"

#include <utility>

namespace beta::app {

upstream::Route through_tor(const config::Config& config, const std::string& domain,
                            std::uint16_t port, const std::string& name) {
    return {.dial = config.tor_socks,
            .through_tor = true,
            .domain = domain,
            .port = port,
            .plane = config.plane.str(),
            .service = config.service.str(),
            .name = name,
            .user = {},
            .password = {},
            .tls = {}};
}

upstream::Route to_app(const model::Endpoint& app) {
    return {.dial = app,
            .through_tor = false,
            .domain = {},
            .port = 0,
            .plane = {},
            .service = {},
            .name = {},
            .user = {},
            .password = {},
            .tls = {}};
}

upstream::Route::Tls secured(const config::Config& config,
                             std::shared_ptr<const tls::Credentials> ours, tls::Expected expected,
                             std::shared_ptr<tls::Tickets> tickets) {
    return {.credentials = std::move(ours),
            .expected = std::move(expected),
            .tickets = std::move(tickets),
            .connection_age = config.tls.max_connection_age};
}

std::vector<std::optional<upstream::Route>> routes(
    const config::Config& config, const directory::Directory& directory,
    const std::shared_ptr<const tls::Credentials>& ours) {
    std::vector<std::optional<upstream::Route>> result;
    result.resize(directory.entries().size() + 1);
    if (config.app)
        result[upstream::own_app] = to_app(*config.app);
    for (const auto& entry : directory.entries()) {
        std::optional<upstream::Route> route;
        if (const auto& outside = entry.external; outside.has_value()) {
            route = through_tor(config, outside->host, outside->port, entry.name);
            route->speaks_first = true;
        }
        if (const auto& inside = entry.onion; inside.has_value()) {
            if (const auto* const onion = inside->for_caller(config.plane.view()))
                route = through_tor(config, onion->disclose(), inside->port, entry.name);
            if (route && ours)
                route->tls =
                    secured(config, ours,
                            {.plane = entry.plane, .service = entry.name, .id = entry.identity},
                            std::make_shared<tls::Tickets>());
        }
        result[upstream::destination_id(entry.id)] = std::move(route);
    }
    return result;
}

}  // namespace beta::app
