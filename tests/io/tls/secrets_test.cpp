#include "beta/tls/secrets.hpp"

#include "beta/config/limits.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>

#include <memory>
#include <vector>

namespace {

struct FreeKey {
    void operator()(EVP_PKEY* key) const noexcept { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

}  // namespace

TEST_CASE("locked memory has room for the ephemeral key of every connection that may be open") {
    const auto connections = beta::config::Limits{}.downstream_connections;
    beta::tls::prepare_secrets(connections);
    std::vector<Key> keys;
    while (keys.size() < connections) {
        keys.emplace_back(EVP_PKEY_Q_keygen(nullptr, nullptr, "X25519"));
        REQUIRE(keys.back() != nullptr);
    }
}
