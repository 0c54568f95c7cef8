// Peer identity: whose a certificate is, or why it is nobody's (SPIFFE X.509-SVID §2 to §5).
#pragma once

#include "beta/model/identity.hpp"
#include "beta/tls/identity_fault.hpp"
#include "beta/tls/identity_template.hpp"

#include <expected>

struct x509_st;  // OpenSSL's X509: its headers stay within this module's sources

namespace beta::tls {

/// Of a leaf whose chain and times are verified: what it says is looked at here, not who signed it.
/// Never by a DNS name. Leaves the thread's queue of OpenSSL errors as it was. Any thread.
std::expected<model::Identity, IdentityFault> identity_of(
    const x509_st& leaf, const IdentityTemplate& identity_template) noexcept;

}  // namespace beta::tls
