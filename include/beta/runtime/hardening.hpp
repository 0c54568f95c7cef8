// Hardening: what the process does to itself before it holds a secret.
#pragma once

namespace beta::runtime {

/// No core file and no debugger of the same user gets at keys in memory. Not under sanitizers,
/// whose leak check attaches to the process.
void hide_memory() noexcept;

}  // namespace beta::runtime
