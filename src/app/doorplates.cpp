#include "beta/app/doorplates.hpp"

#include "beta/net/listener.hpp"
#include "beta/proxy/sides.hpp"

#include <unistd.h>

#include <utility>

namespace beta::app {

std::vector<Doorplate> doorplates(const config::Config& config, std::uint32_t app_id) {
    std::vector<Doorplate> plates;
    if (config.egress)
        plates.push_back({"egress",
                          *config.egress,
                          std::make_unique<proxy::EgressSide>(config.service, config.plane),
                          {}});
    for (const auto& ingress : config.ingress)
        plates.push_back({"ingress:" + ingress.plane.str(),
                          ingress.address,
                          std::make_unique<proxy::IngressSide>(
                              config.service, config.plane, ingress.plane, app_id,
                              config.identity == config::Identity::certificate),
                          {}});
    return plates;
}

std::uint64_t callers_of(const std::vector<Doorplate>& plates, std::string_view plane) {
    constexpr std::string_view ingress = "ingress:";
    std::uint64_t count = 0;
    for (const auto& plate : plates) {
        const std::string_view name = plate.name;
        if (name.starts_with(ingress) && (plane == "any" || name.substr(ingress.size()) == plane))
            count += plate.side->arrivals();
    }
    return count;
}

std::expected<std::vector<net::Descriptor>, std::string> bind_shared(const model::Endpoint& address,
                                                                     std::size_t count) {
    std::vector<net::Descriptor> sockets;
    auto first = net::bind_listener(address, count > 1);
    if (!first)
        return std::unexpected(first.error());
    const auto bound = model::Endpoint::parse(net::bound_address(*first));
    sockets.push_back(std::move(*first));
    while (sockets.size() < count) {
        if (address.kind() == model::Endpoint::Kind::unix_path) {
            sockets.emplace_back(::dup(sockets.front().get()));
            continue;
        }
        auto next = net::bind_listener(*bound, true);
        if (!next)
            return std::unexpected(next.error());
        sockets.push_back(std::move(*next));
    }
    return sockets;
}

}  // namespace beta::app
