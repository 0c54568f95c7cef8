// KnownBy: how a callee knows who calls it; what `identity:` says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace beta::model {

enum class KnownBy : std::uint8_t {
    certificate,  // plane and service, by a verified certificate
    listener,     // the plane alone, by the listener that it came by
};

std::string_view word(KnownBy known_by) noexcept;
std::optional<KnownBy> known_by(std::string_view word) noexcept;

}  // namespace beta::model
