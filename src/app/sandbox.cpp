#include "beta/app/sandbox.hpp"

#include "beta/config/needs.hpp"

#include <utility>

namespace beta::app {

std::expected<runtime::Sandbox, model::Diagnostics> confine(const config::Config& config,
                                                            telemetry::EventLog& events) {
    if (config.sandbox == config::Sandbox::off) {
        events.warn("sandbox: off, as configured; who takes this process over has all that it has");
        return runtime::Sandbox();
    }
    auto sandbox = runtime::Sandbox::enter(config::needs_of(config));
    if (sandbox.is_whole()) {
        events.info("sandbox: in force");
        return sandbox;
    }
    if (config.sandbox == config::Sandbox::required)
        return std::unexpected(model::Diagnostics{
            {.file = "sandbox",
             .message = "required, but this system lacks " + sandbox.lacks() +
                        "; take a newer kernel, or let the container's seccomp profile pass "
                        "landlock_* and seccomp; or do with what there is: \"sandbox: on\"",
             .code = "SANDBOX"}});
    events.warn("sandbox: not all of it is in force", {{"lacks", sandbox.lacks()}});
    return sandbox;
}

Watch::Also shown(const runtime::Sandbox& sandbox) {
    return {.checks = [](std::vector<admin::Check>&) {},
            .facts =
                [&sandbox](telemetry::Facts& facts) {
                    for (const auto& [piece, lack] : sandbox.pieces())
                        facts.sandbox.emplace_back(word(piece), lack.empty());
                }};
}

}  // namespace beta::app
