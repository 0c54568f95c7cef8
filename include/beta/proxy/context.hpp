// Context: what every session of one worker uses. Owned by the worker's part of the app; outlives
// its sessions.
#pragma once

#include "beta/acl/limiter.hpp"
#include "beta/config/limits.hpp"
#include "beta/http/head.hpp"
#include "beta/net/buffer.hpp"
#include "beta/proxy/request_id.hpp"
#include "beta/proxy/snapshot.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/access_log.hpp"
#include "beta/telemetry/app_log.hpp"
#include "beta/telemetry/audit_log.hpp"
#include "beta/telemetry/denials.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/telemetry/span_log.hpp"
#include "beta/upstream/pool.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace beta::proxy {

struct Context {
    runtime::Worker& worker;
    const config::Limits& limits;
    net::BlockPool& blocks;
    upstream::Pool& pool;
    telemetry::Shard& shard;
    telemetry::AccessLog& access_log;
    telemetry::Denials& denials;
    acl::Limiter& limiter;              // of the whole process
    SnapshotHandle snapshot;            // in force for requests that begin now
    http::RequestHead request_scratch;  // one head is parsed at a time
    http::ResponseHead response_scratch;
    RequestIds ids;
    /// With TLS: how long what a handshake proved is relied upon.
    std::chrono::milliseconds connection_age{};
    std::string self_path;       // that ingress answers by itself: tor::Isolation has it
    std::size_t handshakes = 0;  // worked on since others last had a turn
    bool draining = false;
    telemetry::AuditLog* audit = nullptr;  // null where there is none
    telemetry::AppLog* app_log = nullptr;  // of the whole process; there before the first session
    telemetry::SpanLog* spans = nullptr;   // null where nothing is recorded
};

}  // namespace beta::proxy
