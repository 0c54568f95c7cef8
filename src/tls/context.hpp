// Contexts: what OpenSSL needs once for many connections of one kind.
#pragma once

#include "openssl.hpp"

#include <string>
#include <vector>

namespace beta::tls {

/// Ours: the chain, leaf first, and the key that belongs to it.
struct Keypair {
    std::vector<Owned<X509>> chain;
    Owned<EVP_PKEY> key;
};

/// TLS 1.3 and nothing else, both sides with certificates, no early data. `purpose` keeps tickets
/// of one listener from being taken by another. Throw std::runtime_error when OpenSSL refuses.
Owned<SSL_CTX> server_context(const Keypair& own, X509_STORE& trusted, const std::string& purpose);
Owned<SSL_CTX> client_context(const Keypair& own, X509_STORE& trusted);

}  // namespace beta::tls
