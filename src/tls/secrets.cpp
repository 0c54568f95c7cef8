#include "beta/tls/secrets.hpp"

#include <openssl/crypto.h>

namespace beta::tls {

void prepare_secrets() noexcept {
    constexpr std::size_t arena = 64 * 1024;  // within the 64 KiB that anyone may lock; a few keys
    constexpr std::size_t smallest = 32;
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    if (CRYPTO_secure_malloc_initialized() == 0)
        CRYPTO_secure_malloc_init(arena, smallest);
}

}  // namespace beta::tls
