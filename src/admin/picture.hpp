// Picture: who may call whom, as SVG: callers on the left, this service, callees on the right.
#pragma once

#include "beta/admin/status.hpp"

#include <cstddef>
#include <string>

namespace beta::admin {

/// Of the first `most` planes. What it shows stands in words beside it: it is hidden from those who
/// are read to.
std::string picture_of(const Status& status, std::size_t most = StatusLimits{}.planes);

}  // namespace beta::admin
