// wait: asks again until the sidecar is ready, for start-up ordering.
#include "beta/admin/client.hpp"

#include "admin_address.hpp"
#include "commands.hpp"
#include "exit_code.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <thread>

namespace beta::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto between_questions = 100ms;
constexpr std::chrono::milliseconds one_question = 2s;

int wait(const ProbeOptions& options, Session& session) {
    const auto timeout = timeout_of(options, session.err);
    if (!timeout)
        return usage;
    const auto address = admin_address(options, session.err);
    if (!address)
        return address.error();
    const auto deadline = Clock::now() + *timeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        const auto reply =
            admin::ask(*address, options.target(), std::clamp(left, 1ms, one_question));
        if (reply && reply->status == 200) {
            session.out << reply->body;
            return ok;
        }
        if (deadline - Clock::now() <= between_questions) {
            session.err << "not within " << options.timeout << ": "
                        << (reply ? reply->body : reply.error() + "\n");
            return unavailable;
        }
        std::this_thread::sleep_for(between_questions);
    }
}

}  // namespace

void add_wait(CLI::App& app, Session& session) {
    auto* const command =
        app.add_subcommand("wait", "Ask a starting sidecar until it is ready, or time is up");
    const auto options = std::make_shared<ProbeOptions>();
    options->timeout = "60s";
    add_options(*command, *options);
    command->callback([options, &session] { session.exit_code = wait(*options, session); });
}

}  // namespace beta::cli
