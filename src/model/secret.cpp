#include "beta/model/secret.hpp"

#include <cstring>

namespace beta::model {

void wipe(std::span<std::uint8_t> bytes) noexcept {
    ::explicit_bzero(bytes.data(), bytes.size());
}

void wipe(std::string& text) noexcept {
    ::explicit_bzero(text.data(), text.size());
}

}  // namespace beta::model
