// HeadLimits: what of the configured limits bounds a message's head, for whoever reads one.
#pragma once

#include "beta/config/limits.hpp"
#include "beta/http/head.hpp"

namespace beta::proxy {

inline http::HeadLimits head_limits(const config::Limits& limits) noexcept {
    return {limits.head_bytes, limits.target_bytes, limits.header_count};
}

}  // namespace beta::proxy
