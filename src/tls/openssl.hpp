// OpenSSL's objects with one owner each.
#pragma once

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

namespace beta::tls {

struct Free {
    void operator()(SSL_CTX* it) const noexcept { SSL_CTX_free(it); }
    void operator()(SSL* it) const noexcept { SSL_free(it); }
    void operator()(SSL_SESSION* it) const noexcept { SSL_SESSION_free(it); }
    void operator()(BIO* it) const noexcept { BIO_free(it); }
    void operator()(X509* it) const noexcept { X509_free(it); }
    void operator()(X509_CRL* it) const noexcept { X509_CRL_free(it); }
    void operator()(X509_STORE* it) const noexcept { X509_STORE_free(it); }
    void operator()(EVP_PKEY* it) const noexcept { EVP_PKEY_free(it); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

}  // namespace beta::tls
