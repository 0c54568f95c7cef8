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

Credentials Isolation::credentials(const CircuitName& name) const {
    // NUL can stand in no name and no number: the parts cannot run into one another.
    std::string text(name.plane);
    text.append(1, '\0').append(name.service).append(1, '\0').append(name.destination);
    for (const std::uint64_t number :
         {std::uint64_t{name.circuit}, name.epoch.turn, name.epoch.fresh})
        text.append(1, '\0').append(std::to_string(number));
    const auto hash = model::hmac_sha256_hex({key_.data(), key_.size()}, text);
    return {hash.substr(0, 32), hash.substr(32)};
}

/// A name has NULs in it: these are no credentials of any circuit.
std::string Isolation::self_path() const {
    return "/.well-known/beta-sidecar/" +
           model::hmac_sha256_hex({key_.data(), key_.size()}, "self");
}

}  // namespace beta::tor
