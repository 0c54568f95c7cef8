// Any bytes as a peer's certificate: an identity or a fault, and the identity is what it says.
#include "beta/tls/peer_identity.hpp"

#include <openssl/x509.h>

#include <cstdlib>
#include <memory>

using beta::tls::IdentityTemplate;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto by_uri =
        IdentityTemplate::parse("/plane/{plane}/service/{service}", "beta.test").value();
    static const auto by_subject =
        IdentityTemplate::parse("CN={service},OU=plane-{plane}", "").value();
    const std::unique_ptr<X509, decltype(&X509_free)> leaf(
        d2i_X509(nullptr, &data, static_cast<long>(size)), &X509_free);
    if (!leaf)
        return 0;
    const auto found = identity_of(*leaf, by_uri);
    if (found && by_uri.uri_of(found->plane, found->service) != found->id)
        std::abort();
    const auto other = identity_of(*leaf, by_subject);
    if (other && other->id != "CN=" + other->service.str() + ",OU=plane-" + other->plane.str())
        std::abort();
    return 0;
}
