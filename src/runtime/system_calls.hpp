// SystemCalls: which calls of the kernel stay possible (seccomp(2)).
#pragma once

#include <string>

namespace beta::runtime {

/// All threads, for good: none but those of a list of what a running sidecar calls; any other is
/// refused with EPERM. Why it is not in force; empty: it is.
std::string limit_system_calls();
/// And nothing listens anew from here on, nor is another filter added.
void end_listening() noexcept;

}  // namespace beta::runtime
