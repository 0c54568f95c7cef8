#include "admin_address.hpp"

#include "beta/config/value.hpp"

#include "config_file.hpp"
#include "exit_code.hpp"

#include <expected>
#include <memory>
#include <optional>
#include <ostream>

namespace beta::cli {
namespace {

constexpr const char* usual_address = "127.0.0.1:9090";
constexpr config::Bounds sensible_timeout{1, 24ull * 3600 * 1000};  // milliseconds

void add_options(CLI::App& command, ProbeOptions& options) {
    auto* const config =
        command.add_option("-c,--config", options.config, "Configuration with the admin address");
    command
        .add_option("--admin", options.admin,
                    "The admin address itself (without either: 127.0.0.1:9090)")
        ->excludes(config);
    command.add_option("--timeout", options.timeout, "As in 500ms, 10s, 2m")->capture_default_str();
    auto* const live =
        command.add_flag("--live", options.live, "Whether it runs, not whether it is ready");
    command.add_flag_callback(
               "--ready", [] {}, "Whether it is ready for traffic (the default)")
        ->excludes(live);
}

/// The address, or the exit code after the reason was printed.
std::expected<model::Endpoint, int> admin_address(const ProbeOptions& options, std::ostream& err) {
    if (!options.config.empty()) {
        const auto config = read_config(options.config);
        if (!config) {
            print(err, config.error());
            return std::unexpected(configuration);
        }
        if (const auto& admin = config->admin; admin.has_value())
            return admin.value();
        err << options.config << ": the admin endpoint is off: there is nobody to ask\n";
        return std::unexpected(configuration);
    }
    const auto address =
        model::Endpoint::parse(options.admin.empty() ? usual_address : options.admin);
    if (address)
        return *address;
    err << "--admin " << options.admin << ": " << model::sentence(address.error()) << '\n';
    return std::unexpected(usage);
}

std::optional<std::chrono::milliseconds> timeout_of(const ProbeOptions& options,
                                                    std::ostream& err) {
    const auto timeout = config::read_duration({options.timeout}, sensible_timeout);
    if (timeout)
        return *timeout;
    err << "--timeout: " << timeout.error() << '\n';
    return std::nullopt;
}

int run_probe(const ProbeOptions& options, Session& session, ProbeCommand command) {
    const auto timeout = timeout_of(options, session.err);
    if (!timeout)
        return usage;
    const auto address = admin_address(options, session.err);
    return address ? command(options, {*address, *timeout}, session) : address.error();
}

}  // namespace

void add_probe(CLI::App& app, Session& session, const char* name, const char* description,
               const char* usual_timeout, ProbeCommand command) {
    auto* const added = app.add_subcommand(name, description);
    const auto options = std::make_shared<ProbeOptions>();
    options->timeout = usual_timeout;
    add_options(*added, *options);
    added->callback([options, command, &session] {
        session.exit_code = run_probe(*options, session, command);
    });
}

}  // namespace beta::cli
