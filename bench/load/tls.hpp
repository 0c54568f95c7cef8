// Tls: one end of mutual TLS 1.3 for the generator and its backend, with what all proxies are
// given.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>

namespace beta::bench {

struct FreeTls {
    void operator()(SSL_CTX* it) const noexcept { SSL_CTX_free(it); }
    void operator()(SSL* it) const noexcept { SSL_free(it); }
    void operator()(SSL_SESSION* it) const noexcept { SSL_SESSION_free(it); }
};

struct PemFiles {
    std::string certificate;
    std::string key;
    std::string ca;
};

class Tls {
  public:
    enum class Side { client, server };

    /// Throws std::runtime_error with a sentence for people.
    Tls(Side side, const PemFiles& files);
    Tls(const Tls&) = delete;
    Tls& operator=(const Tls&) = delete;

    /// For one connection on a socket; `resumed`: of a client, with the last ticket that came.
    std::unique_ptr<SSL, FreeTls> connection(int fd, bool resumed) const;
    std::uint64_t tickets() const noexcept { return tickets_; }

  private:
    static int keep(SSL* ssl, SSL_SESSION* session);

    Side side_;
    std::unique_ptr<SSL_CTX, FreeTls> context_;
    std::unique_ptr<SSL_SESSION, FreeTls> last_;
    std::uint64_t tickets_ = 0;
};

}  // namespace beta::bench
