// ClientAuth: gives this sidecar's key to tor for every onion that it may call, so that closed ones
// open.
#pragma once

#include "beta/model/client_key.hpp"
#include "beta/model/onion_address.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/tor/control.hpp"

#include <mutex>
#include <vector>

namespace beta::tor {

class ClientAuth {
  public:
    /// Both outlive this.
    ClientAuth(Control& control, const model::ClientKey& key, telemetry::EventLog& events)
        : control_(control), key_(key), events_(events) {}

    /// Any thread: the directory's onions, now and after each reload.
    void adopt(std::vector<model::OnionAddress> onions);
    /// On the control thread: tor may be another.
    void control_ready();

  private:
    void give(const std::vector<model::OnionAddress>& onions);

    Control& control_;
    model::ClientKey key_;
    telemetry::EventLog& events_;
    std::mutex mutex_;
    std::vector<model::OnionAddress> onions_;
};

}  // namespace beta::tor
