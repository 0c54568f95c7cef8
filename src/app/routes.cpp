#include "beta/app/routes.hpp"

namespace beta::app {

std::vector<std::optional<upstream::Route>> routes(const config::Config& config,
                                                   const directory::Directory& directory,
                                                   std::shared_ptr<const tls::Credentials> ours) {
    std::vector<std::optional<upstream::Route>> result;
    result.resize(directory.entries().size() + 1);
    if (config.app)
        result[upstream::own_app] = upstream::Route{.dial = *config.app,
                                                    .through_tor = false,
                                                    .domain = {},
                                                    .port = 0,
                                                    .plane = {},
                                                    .service = {},
                                                    .name = {},
                                                    .user = {},
                                                    .password = {},
                                                    .tls = {}};
    const auto through_tor = [&](const std::string& domain, std::uint16_t port,
                                 const std::string& name) {
        return upstream::Route{.dial = config.tor_socks,
                               .through_tor = true,
                               .domain = domain,
                               .port = port,
                               .plane = config.plane.str(),
                               .service = config.service.str(),
                               .name = name,
                               .user = {},
                               .password = {},
                               .tls = {}};
    };
    const auto secured = [&](const directory::Entry& entry) -> std::optional<upstream::Route::Tls> {
        if (!ours)
            return std::nullopt;
        return upstream::Route::Tls{
            .credentials = ours,
            .expected = {.plane = entry.plane, .service = entry.name, .id = entry.identity},
            .tickets = std::make_shared<tls::Tickets>(),
            .connection_age = config.tls.max_connection_age};
    };
    for (const auto& entry : directory.entries()) {
        std::optional<upstream::Route> route;
        if (const auto& outside = entry.external; outside.has_value()) {
            route = through_tor(outside->host, outside->port, entry.name);
            route->speaks_first = true;
        }
        if (const auto& inside = entry.onion; inside.has_value()) {
            if (const auto* const onion = inside->for_caller(config.plane.view()))
                route = through_tor(onion->disclose(), inside->port, entry.name);
            if (route)
                route->tls = secured(entry);
        }
        result[upstream::destination_id(entry.id)] = std::move(route);
    }
    return result;
}

}  // namespace beta::app
