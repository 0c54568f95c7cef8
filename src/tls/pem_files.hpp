// PemFiles: certificates, keys and revocation lists out of files, with an error that says what to
// do.
#pragma once

#include "beta/model/diagnostic.hpp"

#include "context.hpp"

#include <string>
#include <vector>

namespace beta::tls {

/// All certificates of a file, in its order; empty after an error.
std::vector<Owned<X509>> read_certificates(const std::string& path, model::Diagnostics& problems);
std::vector<Owned<X509_CRL>> read_crls(const std::string& path, model::Diagnostics& problems);
/// Null after an error. The file must be its owner's alone, or root's and our own group's to read,
/// and the key unencrypted; its text goes through memory that is locked and wiped.
Owned<EVP_PKEY> read_key(const std::string& path, model::Diagnostics& problems);

}  // namespace beta::tls
