#include "beta/tls/secrets.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <bit>

namespace beta::tls {
namespace {

constexpr std::size_t smallest = 32;        // as long as a key
constexpr std::size_t each = 2 * smallest;  // a connection's, and that of its upstream
constexpr std::size_t own = 64uz * 1024;    // our keys, and what a signature needs for a moment
constexpr std::size_t most = 1024uz * 1024 * 1024;
constexpr std::size_t most_connections = (most - own) / each;

}  // namespace

void prepare_secrets(std::size_t connections) noexcept {
    // OpenSSL takes a power of two, and a page only when it is used.
    const auto arena = std::bit_ceil(own + each * std::min(connections, most_connections));
    OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    if (CRYPTO_secure_malloc_initialized() == 0)
        CRYPTO_secure_malloc_init(arena, smallest);
}

}  // namespace beta::tls
