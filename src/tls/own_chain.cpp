#include "own_chain.hpp"

#include "beta/model/digest.hpp"
#include "beta/tls/peer_identity.hpp"

#include "verdict.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>

namespace beta::tls {
namespace {

/// X509_verify_cert as a peer of ours will call it; an X509_V_ERR_… code.
int verify(const Keypair& own, X509_STORE* trusted) {
    struct FreeStack {
        void operator()(STACK_OF(X509) * it) const noexcept { sk_X509_free(it); }
        void operator()(X509_STORE_CTX* it) const noexcept { X509_STORE_CTX_free(it); }
    };
    const std::unique_ptr<STACK_OF(X509), FreeStack> others(sk_X509_new_null());
    const std::unique_ptr<X509_STORE_CTX, FreeStack> context(X509_STORE_CTX_new());
    for (std::size_t i = 1; i < own.chain.size(); ++i)
        sk_X509_push(others.get(), own.chain[i].get());
    if (X509_STORE_CTX_init(context.get(), trusted, own.chain.front().get(), others.get()) != 1)
        return X509_V_ERR_OUT_OF_MEM;
    X509_verify_cert(context.get());
    ERR_clear_error();
    return X509_STORE_CTX_get_error(context.get());
}

std::string who(const config::Config& config) {
    return config.plane.str() + '/' + config.service.str();
}

}  // namespace

void check_own(const config::Config& config, const Keypair& own, const IdentityTemplate& names,
               const Trust& trust, model::Diagnostics& problems) {
    const auto& file = config.tls.certificate;
    auto& leaf = *own.chain.front();
    const auto self = identity_of(leaf, names);
    if (!self)
        problems.push_back({.file = file,
                            .message = "no peer will take this certificate: " +
                                       std::string(sentence(self.error())),
                            .code = "TLS_BAD_IDENTITY"});
    else if (self->plane != config.plane || self->service != config.service)
        problems.push_back({.file = file,
                            .message = "this certificate names " + self->plane.str() + '/' +
                                       self->service.str() + ", the configuration " + who(config) +
                                       "; use the certificate of this service",
                            .code = "TLS_OTHER_SERVICE"});
    if (own.key && X509_check_private_key(&leaf, own.key.get()) != 1)
        problems.push_back({.file = config.tls.key,
                            .message = "this key is not that of the certificate in " + file +
                                       "; they are written together, perhaps one is still to come",
                            .code = "TLS_KEY_MISMATCH"});
    auto* const trusted = trust.of(config.plane.view());
    if (trusted == nullptr)
        return;
    if (const int error = verify(own, trusted); error != X509_V_OK)
        problems.push_back(
            {.file = file,
             .message = "the authority that tls.ca names for plane \"" + config.plane.str() +
                        "\" does not vouch for it: " + X509_verify_cert_error_string(error),
             .code = "TLS_UNTRUSTED"});
}

model::Diagnostic no_authority(const std::string& ca, std::string_view plane) {
    return {.file = ca,
            .message = "there is no authority for plane \"" + std::string(plane) +
                       "\", whose services call or are called; add " + std::string(plane) + ".pem",
            .code = "TLS_NO_AUTHORITY"};
}

std::string fingerprint_of(X509& leaf) {
    unsigned char* der = nullptr;
    const int size = i2d_X509(&leaf, &der);
    if (size < 0)
        return {};
    const std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return model::sha256_hex(bytes);
}

std::chrono::system_clock::time_point end_of(const std::vector<Owned<X509>>& chain) noexcept {
    auto end = std::chrono::system_clock::time_point::max();
    for (const auto& certificate : chain)
        end = std::min(end, time_of(X509_get0_notAfter(certificate.get())));
    return end;
}

}  // namespace beta::tls
