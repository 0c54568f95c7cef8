// AdminAddress: how healthcheck and wait find the sidecar they are to ask.
#pragma once

#include "beta/model/endpoint.hpp"

#include <CLI/App.hpp>

#include <chrono>
#include <expected>
#include <iosfwd>
#include <optional>
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
void add_options(CLI::App& command, ProbeOptions& options);

/// The address, or the exit code after the reason was printed.
std::expected<model::Endpoint, int> admin_address(const ProbeOptions& options, std::ostream& err);
/// "500ms", "10s", "2m": the same as in the configuration. Printed and nothing when it is not.
std::optional<std::chrono::milliseconds> timeout_of(const ProbeOptions& options, std::ostream& err);

}  // namespace beta::cli
