// Allocations: how often this thread has called operator new; for tests of paths that must not.
#pragma once

#include <cstddef>

namespace beta::support {

std::size_t allocations() noexcept;  // counted by tests/unit/support/allocations.cpp

}  // namespace beta::support
