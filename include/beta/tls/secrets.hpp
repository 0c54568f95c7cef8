// Secrets: memory for keys that is locked and never swapped.
#pragma once

#include <cstddef>

namespace beta::tls {

/// Once, before the first key is read; any later call does nothing. There is room for so many
/// connections at once: OpenSSL keeps the ephemeral key of each there as long as it lives, and
/// without room handshakes fail. Where the system allows no locked memory, keys are in ordinary
/// memory, which is still wiped. OpenSSL reads no configuration file of the machine from here on.
void prepare_secrets(std::size_t connections) noexcept;

}  // namespace beta::tls
