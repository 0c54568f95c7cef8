// Config: what config/sidecar.yaml says, as plain validated values. Read before any port is bound.
#pragma once

#include "beta/config/limits.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/model/endpoint.hpp"
#include "beta/model/names.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::config {

/// One per calling plane, each behind its own onion service: the plane of whoever comes by it is `plane`.
struct IngressListener {
    model::PlaneName plane;
    model::Endpoint address;
};

enum class LogLevel : std::uint8_t { debug, info, warn, error };

struct Log {
    LogLevel level = LogLevel::info;
    bool access = true;            // one JSON line a request
    std::size_t queue_lines = 8192;  // blocks waiting for the writer; beyond it the oldest is dropped and counted
};

struct Config {
    model::ServiceName service;  // `service:` who am I
    model::PlaneName plane;      // `plane:`
    std::optional<model::Endpoint> app;  // `app:` required when there is an ingress listener
    std::string acl_file;        // `acl:` this plane's file, relative to the configuration file
    std::string services_file;   // `services:`
    model::Endpoint tor_socks;   // `tor: { socks: }`
    std::optional<model::Endpoint> egress;  // `egress: { address: }`
    std::vector<IngressListener> ingress;   // `ingress:`
    std::optional<model::Endpoint> admin;   // `admin: { address: }`
    std::uint32_t workers = 0;              // `workers:` 0 = one per core
    std::chrono::milliseconds drain_timeout{30'000};  // `drain: { timeout: }`
    Log log;
    Limits limits;
};

/// Looks a variable up; std::getenv in production, a map in tests.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Reads and validates the text, then the environment's overrides (BETA_*, SERVICE_NAME, SERVICE_PORT, PLANE,
/// ACL_POLICY_FILE, LOG_LEVEL, SERVICE_DISCOVERY_MODE, ONION_RESOLUTION_ENABLED). Every error at once.
std::expected<Config, model::Diagnostics> parse(std::string_view yaml, const std::string& file_name,
                                                const Environment& environment);

}  // namespace beta::config
