#include "context.hpp"

#include "tls_layer.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace beta::tls {
namespace {

constexpr long session_seconds = 3600;  // a ticket's life; the proof it carries may end sooner
constexpr long certificates_bytes = 32 * 1024;  // of a peer's chain; OpenSSL's own bound is 100 KiB
constexpr int certificates_deep = 4;            // leaf, two intermediates, root
constexpr std::size_t read_ahead = 64 * 1024;   // four records a system call

void expect(bool done, const char* what) {
    if (done)
        return;
    std::array<char, 256> why{};
    ERR_error_string_n(ERR_get_error(), why.data(), why.size());
    throw std::runtime_error(std::string("TLS: cannot ") + what + ": " + why.data());
}

int judge(X509_STORE_CTX* chain, void*) {
    auto* const ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    return TlsLayer::of(ssl).judge(*chain) ? 1 : 0;
}

int seal(SSL* ssl, void*) {
    TlsLayer::of(ssl).seal(*SSL_get_session(ssl));
    return 1;
}

/// A ticket that is not taken costs a full handshake, nothing else.
SSL_TICKET_RETURN unseal(SSL* ssl, SSL_SESSION* session, const unsigned char*, std::size_t,
                         SSL_TICKET_STATUS status, void*) {
    const bool is_ours = status == SSL_TICKET_SUCCESS || status == SSL_TICKET_SUCCESS_RENEW;
    return is_ours && TlsLayer::of(ssl).unseal(*session) ? SSL_TICKET_RETURN_USE_RENEW
                                                         : SSL_TICKET_RETURN_IGNORE_RENEW;
}

int keep(SSL* ssl, SSL_SESSION* session) {
    TlsLayer::of(ssl).keep(*session);
    return 0;  // it stays OpenSSL's
}

/// Called from within a read, too, that goes from message to message and gives nothing.
void notice(int is_ours, int, int type, const void*, std::size_t, SSL* ssl, void*) {
    if (is_ours == 0 && type == SSL3_RT_HANDSHAKE)
        TlsLayer::of(ssl).notice();
}

void use_own(SSL_CTX* context, const Keypair& own) {
    expect(SSL_CTX_use_certificate(context, own.chain.front().get()) == 1, "use the certificate");
    for (std::size_t i = 1; i < own.chain.size(); ++i)
        expect(SSL_CTX_add1_chain_cert(context, own.chain[i].get()) == 1, "use the chain");
    expect(SSL_CTX_use_PrivateKey(context, own.key.get()) == 1, "use the key");
}

/// Level 2 is what Debian's openssl.cnf asks for; an image without that file gets it too.
Owned<SSL_CTX> context(const SSL_METHOD* method, const Keypair& own, X509_STORE& trusted) {
    Owned<SSL_CTX> made(SSL_CTX_new(method));
    expect(made != nullptr, "make a context");
    auto* const it = made.get();
    SSL_CTX_set_security_level(it, 2);
    expect(SSL_CTX_set_min_proto_version(it, TLS1_3_VERSION) == 1 &&
               SSL_CTX_set_max_proto_version(it, TLS1_3_VERSION) == 1,
           "ask for TLS 1.3");
    // All three of RFC 8446 §9.1; the cheapest first where the processor has AES.
    expect(SSL_CTX_set_ciphersuites(it,
                                    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:"
                                    "TLS_CHACHA20_POLY1305_SHA256") == 1,
           "choose ciphers");
    SSL_CTX_set_options(it, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(it, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_clear_mode(it, SSL_MODE_AUTO_RETRY);
    SSL_CTX_set_msg_callback(it, notice);
    SSL_CTX_set_read_ahead(it, 1);
    SSL_CTX_set_default_read_buffer_len(it, read_ahead);
    SSL_CTX_set_max_cert_list(it, certificates_bytes);
    SSL_CTX_set_verify(it, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify_depth(it, certificates_deep);
    SSL_CTX_set1_cert_store(it, &trusted);
    SSL_CTX_set_cert_verify_callback(it, judge, nullptr);
    SSL_CTX_set_timeout(it, session_seconds);
    use_own(it, own);
    return made;
}

}  // namespace

Owned<SSL_CTX> server_context(const Keypair& own, X509_STORE& trusted, const std::string& purpose) {
    auto made = context(TLS_server_method(), own, trusted);
    auto* const it = made.get();
    SSL_CTX_set_session_cache_mode(it, SSL_SESS_CACHE_OFF);  // tickets alone: no state of peers
    SSL_CTX_set_num_tickets(it, 1);
    SSL_CTX_set_max_early_data(it, 0);
    SSL_CTX_set_recv_max_early_data(it, 0);
    expect(SSL_CTX_set_session_id_context(
               it, reinterpret_cast<const unsigned char*>(purpose.data()),
               static_cast<unsigned>(std::min<std::size_t>(purpose.size(), 32))) == 1,
           "set the purpose of sessions");
    expect(SSL_CTX_set_session_ticket_cb(it, seal, unseal, nullptr) == 1, "seal tickets");
    return made;
}

Owned<SSL_CTX> client_context(const Keypair& own, X509_STORE& trusted) {
    auto made = context(TLS_client_method(), own, trusted);
    SSL_CTX_set_session_cache_mode(made.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(made.get(), keep);
    return made;
}

}  // namespace beta::tls
