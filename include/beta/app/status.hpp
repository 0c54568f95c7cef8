// Status: gathers what the page for people shows from what the sidecar knows.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/admin/status.hpp"
#include "beta/app/in_force.hpp"
#include "beta/app/lane.hpp"
#include "beta/config/config.hpp"
#include "beta/tor/control_state.hpp"

#include <span>
#include <vector>

namespace beta::app {

/// The planes that the configuration, the directory or the policy names, our own first, and what
/// may pass between us and each. Hosts outside come last, where there are any.
std::vector<admin::Status::Plane> planes_of(const config::Config& config, const Loaded& loaded);

/// What the files say: nothing of tor, of workers, or of the time.
admin::Status status_of(const config::Config& config, const InForce::State& state);

/// `tor` is nullptr without `tor.control`.
admin::Status::Tor tor_of(const config::Config& config, const tor::ControlState* tor);

/// Traffic, denials and latencies, of all lanes; `file` gives the rules' reasons.
void add_views(admin::Status& status, const acl::PolicyFile& file, std::span<const LaneView> views);

}  // namespace beta::app
