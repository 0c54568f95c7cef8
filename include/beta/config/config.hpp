// Config: what config/sidecar.yaml says, as plain validated values. Read before any port is bound.
#pragma once

#include "beta/config/limits.hpp"
#include "beta/config/share.hpp"
#include "beta/config/upstream.hpp"
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

/// One per calling plane, each behind its own onion service: whoever comes by it is of `plane`.
struct IngressListener {
    model::PlaneName plane;
    model::Endpoint address;

    bool operator==(const IngressListener&) const = default;
};

/// How a caller is known at ingress, and a callee at egress.
enum class Identity : std::uint8_t {
    certificate,  // by mutual TLS: which service of which plane
    listener,     // weaker: the caller by the onion it came by, its plane alone; the callee by its
                  // onion
};

/// `tls:` for identity `certificate`: files that openssl, SPIRE, step-ca or cert-manager write.
struct Tls {
    std::string certificate;  // ours, PEM, leaf first
    std::string key;          // PEM; nobody but the owner may read it
    std::string ca;           // PEM for every plane, or a folder with a <plane>.pem for each
    std::string crl;          // PEM; empty: none
    std::string trust_domain;
    std::string identity = "/plane/{plane}/service/{service}";  // tls::IdentityTemplate
    std::chrono::milliseconds max_connection_age{3'600'000};    // then the next handshake decides
    std::chrono::milliseconds warn_before{1'209'600'000};       // our certificate's end: 14 days

    bool operator==(const Tls&) const = default;
};

/// Whose tor it is: one that runs already, or one that the sidecar starts, owns and ends.
enum class TorMode : std::uint8_t { external, managed };

enum class LogLevel : std::uint8_t { debug, info, warn, error };

/// `app_health:` how the app is checked, where there is an ingress listener.
struct AppHealth {
    std::chrono::milliseconds every{5'000};    // from the end of one to the next; 0: not at all
    std::chrono::milliseconds timeout{2'000};  // of one check
    std::string path = {};                     // asked for with GET; empty: a connection is enough
    std::uint32_t failures = 3;                // in a row, then it is down
    std::uint32_t successes = 1;               // in a row, then it is up again

    bool operator==(const AppHealth&) const = default;
};

/// For machines, or for a person at a terminal.
enum class LogFormat : std::uint8_t { json, text };

/// `log: { sample: }` which part of the requests has a line: by how they ended, or by their rule.
struct Sample {
    static constexpr std::size_t most_rules = 64;  // each request is looked for among them

    struct Rule {
        std::string name;
        Share share;

        bool operator==(const Rule&) const = default;
    };

    Share ok = {};
    Share denied = {};
    Share failed = {};
    std::vector<Rule> rules = {};  // in place of `ok` and `denied`; names are unique

    bool operator==(const Sample&) const = default;
};

struct Log {
    LogLevel level = LogLevel::info;
    bool access = true;  // one line a request
    LogFormat format = LogFormat::json;
    Sample sample = {};
    std::string file = {};  // of the access log; empty: stdout
    /// Blocks waiting for the writer; beyond it the oldest is dropped and counted.
    std::size_t queue_lines = 8192;

    bool operator==(const Log&) const = default;
};

/// `audit:` denials and changes, chained by hash.
struct Audit {
    std::string file;       // empty: there is none
    std::string key;        // file; empty: plain hashes
    bool required = false;  // nothing is let through that it could not tell of
    bool allowed = false;   // what is allowed is recorded too
    /// Records waiting for the disk; beyond it they are lost, and the log says how many.
    std::size_t queue_records = 8192;

    bool operator==(const Audit&) const = default;
};

/// `tracing:` spans of requests, for a collector that is a service like others.
struct Tracing {
    std::string collector;                   // as the app would name it; empty when `off`
    std::uint32_t sample = 10'000;           // of traces that begin here, in millionths
    std::size_t queue_spans = 2048;          // waiting for the collector; beyond it they are lost
    std::size_t batch_spans = 512;           // sent together
    std::chrono::milliseconds flush{5'000};  // the longest that a span waits for others

    bool operator==(const Tracing&) const = default;
};

/// What the process takes from itself before the first byte of traffic (docs/sandbox.md).
enum class Sandbox : std::uint8_t {
    on,        // what the kernel has; a warning names what it lacks
    required,  // all of it, or no start
    off,
};

/// Addresses but that of admin are of this machine: bytes cross them in clear, and whoever reaches
/// egress acts as this service, whoever reaches an ingress listener as its plane.
struct Config {
    model::ServiceName service;                 // `service:` who am I
    model::PlaneName plane;                     // `plane:`
    std::optional<model::Endpoint> app;         // `app:` set when there is an ingress listener
    AppHealth app_health = {};                  // `app_health:`
    std::string acl_file;                       // `acl:` this plane's file; openable as it stands
    std::string services_file;                  // `services:` likewise
    Identity identity = Identity::certificate;  // `identity:`
    Tls tls;
    model::Endpoint tor_socks;                        // `tor: { socks: }`
    std::optional<model::Endpoint> tor_control;       // `tor: { control: }` absent when `off`
    std::string tor_control_password_file;            // empty: none
    std::string tor_control_cookie_file;              // empty: where tor says that it is
    TorMode tor_mode = TorMode::external;             // `tor: { mode: }`
    std::string tor_binary = "/usr/bin/tor";          // `tor: { binary: }`
    std::string tor_data;                             // `tor: { data: }` of a managed tor
    std::string tor_extra_torrc;                      // `tor: { extra_torrc: }` empty when `off`
    bool tor_publish = false;                         // `tor: { publish: }`
    std::string tor_keys;                             // `tor: { keys: }` empty when `off`
    std::string tor_client_key;                       // `tor: { client_key: }` empty when `off`
    std::chrono::milliseconds tor_probe{};            // `tor: { probe: }` 0 when `off`
    std::optional<model::Endpoint> egress;            // `egress: { address: }` absent when `off`
    std::vector<IngressListener> ingress;             // `ingress:` planes are unique
    std::optional<model::Endpoint> admin;             // `admin: { address: }` absent when `off`
    bool admin_page = true;                           // `admin: { page: }` and /api/status
    std::uint32_t workers = 0;                        // `workers:` 0 = one per core
    Sandbox sandbox = Sandbox::on;                    // `sandbox:`
    std::chrono::milliseconds drain_timeout{30'000};  // `drain: { timeout: }`
    Log log;
    Audit audit;
    Tracing tracing;
    Upstream upstream;  // `upstream:`
    Limits limits;

    bool operator==(const Config&) const = default;
};

/// Variables by name: the process's own in production, a few in tests.
using Environment = std::map<std::string, std::string, std::less<>>;

/// Reads and validates the text, then the environment's overrides: BETA_ and the key in upper case
/// (BETA_TOR_SOCKS), or a name that deployments already use (src/config/environment.cpp lists
/// them). Every error at once; that of a variable has its name in place of file, line and column.
std::expected<Config, model::Diagnostics> parse(std::string_view yaml, const std::string& file_name,
                                                const Environment& environment);

}  // namespace beta::config
