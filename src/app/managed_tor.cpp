#include "beta/app/managed_tor.hpp"

#include "beta/app/loaded.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>

namespace beta::app {

std::expected<std::string, model::Diagnostics> read_extra_torrc(const config::Config& config) {
    if (config.tor_extra_torrc.empty())
        return {};
    auto text = read_file(config.tor_extra_torrc);
    if (!text)
        return std::unexpected(model::Diagnostics{std::move(text.error())});
    if (auto problems = torctl::check_extra(*text, config.tor_extra_torrc); !problems.empty())
        return std::unexpected(std::move(problems));
    return std::move(*text);
}

std::expected<std::unique_ptr<tor::Managed>, model::Diagnostics> managed_tor(
    const config::Config& config, const directory::Directory& directory,
    telemetry::EventLog& events) {
    if (config.tor_mode != config::TorMode::managed)
        return nullptr;
    auto extra = read_extra_torrc(config);
    if (!extra)
        return std::unexpected(std::move(extra.error()));
    auto tor = std::make_unique<tor::Managed>(
        tor::ManagedSettings{.binary = config.tor_binary,
                             .tor = {.folder = config.tor_data,
                                     .reaches_exits = reaches_exits(directory),
                                     .owner = ::getpid()},
                             .extra = std::move(*extra)},
        events);
    if (auto prepared = tor->prepare(); !prepared)
        return std::unexpected(model::Diagnostics{
            {.file = {}, .message = std::move(prepared.error()), .code = "TOR_UNUSABLE"}});
    return tor;
}

bool reaches_exits(const directory::Directory& directory) noexcept {
    return std::ranges::any_of(directory.entries(), &directory::Entry::is_external);
}

Watch::Also shown(const tor::Managed& tor) {
    return {.checks =
                [&tor](std::vector<admin::Check>& checks) {
                    checks.push_back(
                        {.name = "tor-process", .ok = tor.is_running(), .words = tor.words()});
                },
            .facts = [](telemetry::Facts&) {}};
}

}  // namespace beta::app
