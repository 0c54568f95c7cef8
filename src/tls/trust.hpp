// Trust: whose signature makes a certificate of which plane good.
#pragma once

#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"

#include "openssl.hpp"

#include <map>
#include <string>
#include <string_view>

namespace beta::tls {

class Trust {
  public:
    /// Reads `tls.ca` and `tls.crl`.
    static Trust load(const config::Tls& tls, model::Diagnostics& problems);

    /// Null when nobody is trusted for it.
    X509_STORE* of(std::string_view plane) const;
    /// By plane, or one under "" for every plane.
    const std::map<std::string, Owned<X509_STORE>, std::less<>>& stores() const { return stores_; }

  private:
    std::map<std::string, Owned<X509_STORE>, std::less<>> stores_;
};

/// `tls.ca` is a folder with a file for each plane: these, in the order of their names. Else empty.
std::map<std::string, std::string> files_by_plane(const std::string& ca);

}  // namespace beta::tls
