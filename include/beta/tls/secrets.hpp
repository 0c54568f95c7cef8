// Secrets: memory for keys that is locked and never swapped.
#pragma once

namespace beta::tls {

/// Once, before the first key is read; any later call does nothing. Where the system allows no
/// locked memory, keys are in ordinary memory, which is still wiped. OpenSSL reads no configuration
/// file of the machine from here on.
void prepare_secrets() noexcept;

}  // namespace beta::tls
