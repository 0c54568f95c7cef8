// Onions: this sidecar's onion services, published through tor's control port, and its key to those
// of others.
#pragma once

#include "beta/app/doorplates.hpp"
#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/directory/directory.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/model/onion_address.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/tor/client_auth.hpp"
#include "beta/tor/control.hpp"
#include "beta/tor/onion_files.hpp"
#include "beta/tor/publisher.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <vector>

namespace beta::app {

class Onions {
  public:
    /// Reads the keys, and makes those that are not there yet. `plates` are bound. Observes
    /// `control`, which does not run yet and outlives this.
    static std::expected<std::unique_ptr<Onions>, model::Diagnostics> build(
        const config::Config& config, const directory::Directory& directory,
        const std::vector<Doorplate>& plates, tor::Control& control, telemetry::EventLog& events);
    ~Onions();

    void start();
    void stop();  // before the control connection is
    /// Any thread: the directory in force, after a reload.
    void adopt(const directory::Directory& directory);
    /// Any thread: false when there is no such onion of ours at tor, or it is too new to be lost.
    bool publish_again(const model::OnionAddress& onion);
    Watch::Also shown() const;

  private:
    Onions(const config::Config& config, telemetry::EventLog& events)
        : config_(config), events_(events) {}
    void observe(tor::Control& control);

    const config::Config& config_;
    telemetry::EventLog& events_;
    std::unique_ptr<tor::Publisher> publisher_;     // with tor.publish
    std::unique_ptr<tor::ClientAuth> client_auth_;  // with tor.client_key
};

/// What the directory says of this service that is not so: callers who read it would not get here.
/// Keys are read, never made; one that is not there yet is no fault.
model::Diagnostics onion_warnings(const config::Config& config,
                                  const directory::Directory& directory);

}  // namespace beta::app
