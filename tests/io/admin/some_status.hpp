// SomeStatus: an admin endpoint with a status that a test may change.
#pragma once

#include "beta/admin/status.hpp"

#include "admin_server.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace beta::testing {

inline admin::Status some_status() {
    using namespace std::chrono_literals;
    admin::Status status;
    status.now = std::chrono::system_clock::time_point(1'700'000'000s);
    status.up = 93'784s;
    status.service = "api-gateway";
    status.plane = "ops";
    status.listeners = {{"egress", "127.0.0.1:15001"}};
    status.readiness = {.ready = true, .checks = {{"policy", true, "abc"}, {"tor", true, "ready"}}};
    status.tor = {.has_control = true,
                  .connected = true,
                  .version = "0.4.9.11",
                  .bootstrap_percent = 100,
                  .circuits = 7};
    status.certificate = {.id = "spiffe://x/plane/ops/service/api-gateway",
                          .until = status.now + 240h,
                          .ends_soon = false};
    status.policy = {.digest = std::string(64, 'a'),
                     .rules = 3,
                     .directory_digest = std::string(64, 'b'),
                     .reloads_ok = 2};
    using acl::Opening;
    status.planes = {
        {"ops", {}, acl::Reach{}},
        {"wallet", acl::Reach{Opening::open, {"in"}}, acl::Reach{Opening::limited, {"out", "o2"}}},
        {"", {}, acl::Reach{Opening::closed, {"never"}}}};
    status.egress = {.requests = 10, .denied = 1, .failed = 2};
    status.denials = {{.what = {.time = status.now - 5s,
                                .source = "api-gateway",
                                .source_plane = "ops",
                                .destination = "tron-payment",
                                .destination_plane = "wallet",
                                .method = "GET",
                                .path = "/ok/never",
                                .rule = "never",
                                .status = 403},
                       .reason = "no one may, ever"}};
    status.destinations = {{.name = "tron-payment",
                            .plane = "wallet",
                            .circuits = 1,
                            .usual = 120ms,
                            .slowest = 900ms,
                            .calls = 9,
                            .denied = 1,
                            .failed = 2}};
    return status;
}

/// Serves this status; `answered` false: as if a worker did not bring its numbers.
inline AdminServer serving(admin::Status status, bool answered = true) {
    auto hooks = plain_hooks();
    hooks.status = [status, answered](auto answer) {
        if (answered)
            answer([status] { return status; });
    };
    hooks.status_without_workers = [status] {
        auto alone = status;
        alone.workers_answer = false;
        return alone;
    };
    return AdminServer(std::move(hooks),
                       {.scrape_time = std::chrono::milliseconds(answered ? 60'000 : 20)});
}

}  // namespace beta::testing
