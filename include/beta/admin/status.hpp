// Status: what a person on call wants to know first, at one moment, as plain values.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/reach.hpp"
#include "beta/admin/hooks.hpp"
#include "beta/telemetry/denials.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace beta::admin {

/// How much of each is shown; what is left out is counted. Together below a megabyte.
struct StatusLimits {
    std::size_t text_bytes =
        200;                  // of any text: a rule's reason has as many; more comes from floods
    std::size_t planes = 12;  // a picture of more is none
    std::size_t destinations = 100;                  // those that fail most first
    std::size_t checks = 32;                         // one for each plane's onion, and a handful
    std::size_t rules = 8;                           // of one opening between planes
    std::size_t listeners = 32;                      // one for each plane that may call
    std::size_t denials = telemetry::Denials::most;  // of all workers, the latest first
};

/// No secret in it: no key, no onion address, no query.
struct Status {
    struct Listener {
        std::string name;  // "egress", "ingress:ops"
        std::string address;
    };
    struct Tor {
        bool managed = false;
        bool has_control = false;  // else only its SOCKS port is known
        bool connected = false;    // the control port obeys
        std::string version;
        unsigned bootstrap_percent = 0;
        std::size_t circuits = 0;  // built and open
    };
    struct Certificate {
        std::string id;
        std::chrono::system_clock::time_point until;
        bool ends_soon = false;  // tls.warn_before
    };
    struct Policy {
        std::string digest;
        bool reports = false;  // mode report: nothing is blocked
        std::size_t rules = 0;
        std::string directory_digest;
        std::uint64_t reloads_ok = 0;
        std::uint64_t reloads_failed = 0;
        bool last_failed = false;
    };
    struct Plane {
        std::string name;               // empty: hosts outside
        std::optional<acl::Reach> in;   // it calls us; empty where there is no listener for it
        std::optional<acl::Reach> out;  // we call it; empty where egress is off
    };
    struct Denial {
        telemetry::Denial what;
        std::string reason;  // of the rule, where the policy in force has it
    };
    struct Destination {
        std::string name;
        std::string plane;         // empty: a host outside
        bool has_route = true;     // false: no onion for callers of our plane
        std::size_t circuits = 0;  // summed over workers, as the next two
        std::size_t idle = 0;      // streams
        std::size_t busy = 0;
        bool left_alone = false;  // by a worker: too many connects in a row failed
        std::optional<std::chrono::microseconds> usual;    // to the head of an answer, of late
        std::optional<std::chrono::microseconds> slowest;  // of late
        std::uint64_t calls = 0;                           // since the start, as the next two
        std::uint64_t denied = 0;
        std::uint64_t failed = 0;  // answered with 5xx, by whomever
    };
    struct Traffic {
        std::uint64_t requests = 0;  // since the start
        std::uint64_t denied = 0;
        std::uint64_t failed = 0;
    };

    std::chrono::system_clock::time_point now;
    std::optional<std::chrono::seconds> up;  // since this process began
    std::string service;
    std::string plane;
    std::vector<Listener> listeners;
    Readiness readiness;
    bool draining = false;
    bool workers_answer = true;  // false: no traffic, denials and latencies below
    Tor tor;
    std::optional<Certificate> certificate;  // none with `identity: listener`
    Policy policy;
    std::vector<Plane> planes;  // ours too
    Traffic egress;
    Traffic ingress;
    std::vector<Denial> denials;
    std::vector<Destination> destinations;
};

}  // namespace beta::admin
