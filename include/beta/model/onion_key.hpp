// OnionKey: the secret key of an onion service, as its file and as tor's control port hold it.
#pragma once

#include "beta/model/curve25519.hpp"
#include "beta/model/onion_address.hpp"

#include <expected>
#include <string_view>

namespace beta::model {

class OnionKey {
  public:
    explicit OnionKey(const SecretKey& seed) : seed_(seed) {}
    /// What `openssl genpkey -algorithm ed25519` writes: PKCS#8 (RFC 8410 §7) in PEM, one block
    /// and nothing else. The error is a sentence without a byte of the text.
    static std::expected<OnionKey, std::string_view> parse(std::string_view pem);

    OnionAddress address() const;
    /// The file's text.
    SecretText disclose_pem() const;
    /// The key as ADD_ONION takes it: "ED25519-V3:" and the expanded secret (control-spec §3.27).
    SecretText disclose_for_tor() const;

  private:
    SecretKey seed_;
};

}  // namespace beta::model
