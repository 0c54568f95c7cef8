// Render: Prometheus text from the copies of all shards and from what is known of the process.
#pragma once

#include "beta/telemetry/container_stats.hpp"
#include "beta/telemetry/process_stats.hpp"
#include "beta/telemetry/shard.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::telemetry {

/// What tor's control port has told: see tor::ControlState. Labels are literals.
struct TorFacts {
    struct Count {
        std::string_view event;
        std::uint64_t count = 0;
    };

    bool connected = false;  // and authenticated
    double bootstrap_ratio = 0;
    std::vector<Count> circuits;
    std::vector<Count> descriptors;
};

/// An onion service that this sidecar publishes.
struct OnionFacts {
    std::string plane;  // of its callers
    bool is_published = false;
    std::optional<double> descriptor_age_seconds;  // since the last upload
    std::optional<double> introductions;           // that relays hold for it
};

/// How the sidecar reaches an onion of its own.
struct ProbeFacts {
    std::string plane;  // of its callers, or "any"
    bool succeeds = false;
    std::optional<double> seconds;  // that the last success took
    std::uint64_t healed = 0;       // times that the onion was published again
};

/// Of an audit log.
struct AuditFacts {
    bool is_written = false;
    std::uint64_t records = 0;
    std::uint64_t dropped = 0;
};

/// Of spans on their way to the collector.
struct SpanFacts {
    std::uint64_t sent = 0;
    std::uint64_t dropped = 0;
    std::uint64_t refused = 0;
};

/// What is one for the whole process.
struct Facts {
    std::string policy_digest;     // Policy::digest(); empty: not exported
    std::string directory_digest;  // Directory::digest(); empty: not exported
    std::uint64_t reloads_ok = 0;
    std::uint64_t reloads_failed = 0;
    bool last_reload_ok = true;
    std::optional<double> certificate_until;                 // seconds since the epoch; of ours
    std::uint64_t log_dropped = 0;                           // LogWriter::dropped()
    std::vector<std::pair<std::string_view, bool>> sandbox;  // piece, whether it is in force
    std::optional<AuditFacts> audit;                         // absent without `audit.file`
    std::optional<SpanFacts> spans;                          // with `tracing.collector`
    std::optional<bool> app_up;      // absent without ingress, and until it is known
    std::optional<TorFacts> tor;     // absent without `tor.control`
    std::vector<OnionFacts> onions;  // with `tor.publish`
    std::vector<ProbeFacts> probes;  // with `tor.probe`, once there is a result
    std::optional<ProcessStats> process;
    ContainerStats container;

    /// With `process` and `container` as they are now.
    static Facts now();
};

/// The text of /metrics (exposition format 0.0.4). docs/metrics.md lists every name. Takes
/// milliseconds with a thousand services: not on a worker.
std::string render(std::span<const Shard> shards, const Facts& facts);

}  // namespace beta::telemetry
