#include "tls.hpp"

#include <openssl/err.h>

#include <array>
#include <stdexcept>

namespace beta::bench {
namespace {

void expect(bool done, const std::string& what) {
    if (done)
        return;
    std::array<char, 256> why{};
    ERR_error_string_n(ERR_get_error(), why.data(), why.size());
    throw std::runtime_error("TLS: cannot " + what + ": " + why.data());
}

}  // namespace

Tls::Tls(Side side, const PemFiles& files)
    : side_(side),
      context_(SSL_CTX_new(side == Side::client ? TLS_client_method() : TLS_server_method())) {
    auto* const it = context_.get();
    expect(it != nullptr, "make a context");
    SSL_CTX_set_min_proto_version(it, TLS1_3_VERSION);
    expect(SSL_CTX_set_ciphersuites(it, "TLS_AES_128_GCM_SHA256") == 1, "choose a cipher");
    expect(SSL_CTX_set1_groups_list(it, "X25519") == 1, "choose a group");
    SSL_CTX_set_mode(it, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                             SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // Who is there is the proxies' matter: here any service of the authority will do.
    SSL_CTX_set_verify(it, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    expect(SSL_CTX_load_verify_file(it, files.ca.c_str()) == 1, "read " + files.ca);
    expect(SSL_CTX_use_certificate_chain_file(it, files.certificate.c_str()) == 1,
           "read " + files.certificate);
    expect(SSL_CTX_use_PrivateKey_file(it, files.key.c_str(), SSL_FILETYPE_PEM) == 1,
           "read " + files.key);
    SSL_CTX_set_app_data(it, this);
    if (side == Side::client) {
        SSL_CTX_set_session_cache_mode(it, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(it, keep);
    } else {
        SSL_CTX_set_session_cache_mode(it, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_num_tickets(it, 1);
        SSL_CTX_set_session_id_context(it, reinterpret_cast<const unsigned char*>("bench"), 5);
    }
}

std::unique_ptr<SSL, FreeTls> Tls::connection(int fd, bool resumed) const {
    std::unique_ptr<SSL, FreeTls> ssl(SSL_new(context_.get()));
    expect(ssl != nullptr && SSL_set_fd(ssl.get(), fd) == 1, "make a connection");
    if (side_ == Side::client)
        SSL_set_connect_state(ssl.get());
    else
        SSL_set_accept_state(ssl.get());
    if (resumed && last_) {
        const std::unique_ptr<SSL_SESSION, FreeTls> own(SSL_SESSION_dup(last_.get()));
        expect(SSL_set_session(ssl.get(), own.get()) == 1, "use a ticket");
    }
    return ssl;
}

int Tls::keep(SSL* ssl, SSL_SESSION* session) {
    auto& self = *static_cast<Tls*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    ++self.tickets_;
    // A copy: OpenSSL spoils the one at hand when its connection ends without a farewell.
    self.last_.reset(SSL_SESSION_dup(session));
    return 0;
}

}  // namespace beta::bench
