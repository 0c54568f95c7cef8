// LocalPages: what beta.internal tells the app, from the snapshot that its request began with.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/proxy/snapshot.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace beta::proxy {

/// Who the app is to others: its service and plane, how that is proved, and by which version.
std::string whoami(const acl::Source& own, const Snapshot& snapshot,
                   std::chrono::system_clock::time_point now);

/// Whom the directory knows and what the policy lets the app call; at most `limit` of them. No
/// onion address.
std::string services(const acl::Source& own, const Snapshot& snapshot, std::size_t limit);

}  // namespace beta::proxy
