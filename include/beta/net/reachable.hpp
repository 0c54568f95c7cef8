// is_reachable: whether a local endpoint accepts connections, for readiness. Not for the data path.
#pragma once

#include "beta/model/endpoint.hpp"

#include <chrono>

namespace beta::net {

/// Connects and closes. Waits only for an endpoint that is not on this machine.
bool is_reachable(const model::Endpoint& address, std::chrono::milliseconds patience);

}  // namespace beta::net
