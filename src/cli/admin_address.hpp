// AdminAddress: how healthcheck and wait find the sidecar they are to ask.
#pragma once

#include "beta/model/endpoint.hpp"

#include "commands.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace beta::cli {

/// What both commands take: where, what, how long.
struct ProbeOptions {
    std::string config;   // -c: the admin address is in there
    std::string admin;    // --admin: or here
    std::string timeout;  // --timeout
    bool live = false;    // --live, else --ready

    std::string_view target() const noexcept { return live ? "/livez" : "/readyz?verbose"; }
};
/// Whom to ask and for how long.
struct Probe {
    model::Endpoint address;
    std::chrono::milliseconds timeout;
};

using ProbeCommand = int (*)(const ProbeOptions&, const Probe&, Session&);

/// Adds a command that takes ProbeOptions. It runs with the probe they describe; where they
/// describe none, the reason is printed and the exit code says so. Timeouts read as in the
/// configuration: "500ms", "10s", "2m".
void add_probe(CLI::App& app, Session& session, const char* name, const char* description,
               const char* usual_timeout, ProbeCommand command);

}  // namespace beta::cli
