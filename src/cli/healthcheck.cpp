// healthcheck: one question to the admin endpoint, for HEALTHCHECK in an image without a shell.
#include "beta/admin/client.hpp"

#include "admin_address.hpp"
#include "commands.hpp"
#include "exit_code.hpp"

#include <ostream>

namespace beta::cli {
namespace {

int healthcheck(const ProbeOptions& options, const Probe& probe, Session& session) {
    const auto reply = admin::ask(probe.address, options.target(), probe.timeout);
    if (!reply) {
        session.err << reply.error() << '\n';
        return unavailable;
    }
    (reply->status == 200 ? session.out : session.err) << reply->body;
    return reply->status == 200 ? ok : unavailable;
}

}  // namespace

void add_healthcheck(CLI::App& app, Session& session) {
    add_probe(app, session, "healthcheck", "Ask a running sidecar once: exit 0 when it is well",
              "3s", healthcheck);
}

}  // namespace beta::cli
