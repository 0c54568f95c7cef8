#include "beta/tor/isolation.hpp"

#include "beta/model/digest.hpp"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace beta::tor {

Isolation::Isolation() {
    if (::getrandom(key_.data(), key_.size(), 0) != static_cast<ssize_t>(key_.size()))
        throw std::system_error(errno, std::generic_category(), "getrandom");
}

Credentials Isolation::credentials(std::string_view plane, std::string_view service,
                                   std::string_view destination) const {
    // NUL can stand in no name: the three parts cannot run into one another.
    std::string text(plane);
    text.append(1, '\0').append(service).append(1, '\0').append(destination);
    const auto hash = model::hmac_sha256_hex({key_.data(), key_.size()}, text);
    return {hash.substr(0, 32), hash.substr(32)};
}

}  // namespace beta::tor
