// Words for what went wrong in a handshake: a fixed set, for metrics and logs.
#pragma once

#include "openssl.hpp"

#include <chrono>
#include <string_view>

namespace beta::tls {

/// Of an X509_V_ERR_… code.
std::string_view word_of_chain(int error) noexcept;
/// Of what OpenSSL's error queue says last.
std::string_view word_of_queue() noexcept;

std::chrono::system_clock::time_point time_of(const ASN1_TIME* time) noexcept;  // unreadable: 1970
/// When the first of these certificates expires.
std::chrono::system_clock::time_point end_of(const STACK_OF(X509) * chain) noexcept;

}  // namespace beta::tls
