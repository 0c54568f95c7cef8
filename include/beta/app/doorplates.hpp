// Doorplates: which listeners the configuration asks for, and which side of a call each of them is.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/endpoint.hpp"
#include "beta/net/descriptor.hpp"
#include "beta/proxy/side.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beta::app {

struct Doorplate {
    std::string name;  // "egress", "ingress:ops"
    model::Endpoint address;
    std::unique_ptr<proxy::Side> side;
    std::string bound;  // the address it got
};

std::vector<Doorplate> doorplates(const config::Config& config, std::uint32_t app_id);

/// How many got through to the listener for that plane; "any": to all of ingress. Any thread.
std::uint64_t callers_of(const std::vector<Doorplate>& plates, std::string_view plane);

/// `count` listening sockets on one address. TCP: SO_REUSEPORT, so the kernel spreads connections
/// over the workers. A unix socket is one socket, shared.
std::expected<std::vector<net::Descriptor>, std::string> bind_shared(const model::Endpoint& address,
                                                                     std::size_t count);

}  // namespace beta::app
