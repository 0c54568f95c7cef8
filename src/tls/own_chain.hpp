// OwnChain: whether our certificate will be taken by our peers, asked before they are.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/tls/identity_template.hpp"

#include "context.hpp"
#include "trust.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace beta::tls {

/// It names this service and plane, is of the key (when there is one), and its plane's authority
/// vouches for it now, where that authority is among the trusted.
void check_own(const config::Config& config, const Keypair& own, const IdentityTemplate& names,
               const Trust& trust, model::Diagnostics& problems);

model::Diagnostic no_authority(const std::string& ca, std::string_view plane);
std::string fingerprint_of(X509& leaf);
std::chrono::system_clock::time_point end_of(const std::vector<Owned<X509>>& chain) noexcept;

}  // namespace beta::tls
