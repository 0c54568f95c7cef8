// KeyFile: a file with a secret key: who may be able to read it, and how a new one comes to be.
#pragma once

#include "beta/model/client_key.hpp"
#include "beta/model/onion_key.hpp"

#include <expected>
#include <string>

namespace beta::tor {

// The error is a sentence that names the file.

/// Refused when it is not a regular file, when anybody but its owner may read or change it, or when
/// it is not the key that it should be.
std::expected<model::OnionKey, std::string> load_onion_key(const std::string& path);
std::expected<model::ClientKey, std::string> load_client_key(const std::string& path);

/// A new key, from the kernel's randomness, in a file that did not exist: never over another one,
/// and whole or not at all. Its folder must exist.
std::expected<model::OnionKey, std::string> make_onion_key(const std::string& path);
std::expected<model::ClientKey, std::string> make_client_key(const std::string& path);

/// The key that is kept there for ever, from the first call on.
std::expected<model::OnionKey, std::string> keep_onion_key(const std::string& path);

}  // namespace beta::tor
