// wait: asks again until the sidecar is ready, for start-up ordering.
#include "beta/admin/client.hpp"

#include "admin_address.hpp"
#include "commands.hpp"
#include "exit_code.hpp"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>
#include <thread>

namespace beta::cli {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto between_questions = 100ms;
constexpr std::chrono::milliseconds one_question = 2s;

int wait(const ProbeOptions& options, const Probe& probe, Session& session) {
    const auto deadline = Clock::now() + probe.timeout;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        const auto reply =
            admin::ask(probe.address, options.target(), std::clamp(left, 1ms, one_question));
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
    add_probe(app, session, "wait", "Ask a starting sidecar until it is ready, or time is up",
              "60s", wait);
}

}  // namespace beta::cli
