#include "beta/tor/client_auth.hpp"

#include "beta/torctl/command.hpp"
#include "beta/torctl/onion_keys.hpp"

#include <utility>

namespace beta::tor {

void ClientAuth::adopt(std::vector<model::OnionAddress> onions) {
    {
        const std::scoped_lock lock(mutex_);
        onions_ = onions;
    }
    give(onions);
}

void ClientAuth::control_ready() {
    std::vector<model::OnionAddress> onions;
    {
        const std::scoped_lock lock(mutex_);
        onions = onions_;
    }
    give(onions);
}

/// Where tor does not obey yet, the answer is a sentence and control_ready() comes later. An open
/// service is not touched by a key that it does not know.
void ClientAuth::give(const std::vector<model::OnionAddress>& onions) {
    const auto key = torctl::ClientKey::parse(key_.disclose_for_tor().disclose());
    if (!key)
        return events_.error("client key", {{"why", sentence(key.error())}});
    for (const auto& onion : onions) {
        control_.ask(torctl::Command::client_auth_add(onion, *key),
                     [&events = events_, name = onion.redacted()](const auto& answer) {
                         if (answer && !answer->is_ok())
                             events.warn("tor does not take the client key",
                                         {{"onion", name}, {"why", answer->summary()}});
                     });
    }
}

}  // namespace beta::tor
