// ClientKey: the X25519 key by which a caller may read the descriptor of a closed onion service
// (rend-spec-v3, "client authorization").
#pragma once

#include "beta/model/curve25519.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::model {

class ClientKey {
  public:
    explicit ClientKey(const SecretKey& secret) : secret_(secret) {}
    /// One line "descriptor:x25519:" and 52 characters of base32: what tor writes behind the
    /// address in an .auth_private file. The error is a sentence without a byte of the text.
    static std::expected<ClientKey, std::string_view> parse(std::string_view text);

    /// The line for the service's list; no secret.
    std::string public_line() const;
    /// The file's text.
    SecretText disclose_line() const;
    /// The key as ONION_CLIENT_AUTH_ADD takes it: "x25519:" and base64.
    SecretText disclose_for_tor() const;

  private:
    SecretKey secret_;
};

/// The public keys of all who may read a service's descriptor, as ADD_ONION's ClientAuthV3 takes
/// them: one line each as of an .auth file; empty lines and lines that begin with # are skipped.
std::expected<std::vector<std::string>, std::string> parse_clients(std::string_view text);

}  // namespace beta::model
