// healthcheck: one question to the admin endpoint, for HEALTHCHECK in an image without a shell.
#include "beta/admin/client.hpp"

#include "admin_address.hpp"
#include "commands.hpp"
#include "exit_code.hpp"

#include <memory>
#include <ostream>

namespace beta::cli {
namespace {

int healthcheck(const ProbeOptions& options, Session& session) {
    const auto timeout = timeout_of(options, session.err);
    if (!timeout)
        return usage;
    const auto address = admin_address(options, session.err);
    if (!address)
        return address.error();
    const auto reply = admin::ask(*address, options.target(), *timeout);
    if (!reply) {
        session.err << reply.error() << '\n';
        return unavailable;
    }
    (reply->status == 200 ? session.out : session.err) << reply->body;
    return reply->status == 200 ? ok : unavailable;
}

}  // namespace

void add_healthcheck(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("healthcheck", "Ask a running sidecar once: exit 0 when it is well");
    const auto options = std::make_shared<ProbeOptions>();
    options->timeout = "3s";
    add_options(*command, *options);
    command->callback([options, &session] { session.exit_code = healthcheck(*options, session); });
}

}  // namespace beta::cli
