// Client: one question to an admin endpoint, blocking, with a deadline; for `healthcheck` and
// `wait`.
#pragma once

#include "beta/model/endpoint.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <string_view>

namespace beta::admin {

struct Reply {
    unsigned status = 0;
    std::string body;
};

/// GET `target`. The error is a sentence: refused, too slow, not HTTP.
std::expected<Reply, std::string> ask(const model::Endpoint& address, std::string_view target,
                                      std::chrono::milliseconds timeout);

}  // namespace beta::admin
