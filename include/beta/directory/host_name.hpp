// Names that may stand in the directory: what is reserved, and which hosts are outside.
#pragma once

#include <string_view>

namespace beta::directory {

/// What is wrong with `host` as a host to reach through a Tor exit, in words; empty when nothing.
/// Only public DNS names in lower case pass: no address in any spelling, nothing local, no onion.
std::string_view objection_to_host(std::string_view host) noexcept;

/// Why a valid label may still not name a service or a plane: it could be taken for something else.
std::string_view objection_to_service(std::string_view label) noexcept;
std::string_view objection_to_plane(std::string_view label) noexcept;

}  // namespace beta::directory
