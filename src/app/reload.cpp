#include "beta/app/reload.hpp"

#include "beta/app/rollcall.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace beta::app {
namespace {

/// A lane answers between two batches, within milliseconds. One that does not is stopping.
constexpr std::chrono::seconds patience{5};

std::string why(const model::Diagnostics& problems) {
    const auto first = std::ranges::find(problems, model::Diagnostic::Severity::error,
                                         &model::Diagnostic::severity);
    const auto& shown = first == problems.end() ? problems.front() : *first;
    const std::size_t more = problems.size() - 1;
    return shown.str() + (more == 0 ? "" : " and " + std::to_string(more) + " more");
}

std::string_view word(Cause cause) noexcept {
    return cause == Cause::signal ? "signal" : "files";
}

}  // namespace

bool reload(const config::Config& config, InForce& in_force,
            const std::vector<std::unique_ptr<Lane>>& lanes, telemetry::EventLog& events,
            Audit& audit, Cause cause) {
    const auto before = in_force.get().loaded;
    auto read = load(config);
    if (!read) {
        in_force.keep();
        audit.refused(why(read.error()), word(cause));
        events.error("reload refused, the last good files stay in force",
                     {{"cause", word(cause)},
                      {"why", why(read.error())},
                      {"policy", before->policy->digest()}});
        return false;
    }
    for (const auto& warning : read->warnings)
        events.warn(warning.str());
    const auto loaded = std::make_shared<const Loaded>(std::move(*read));
    audit.changed(*before, *loaded, word(cause));  // before the first decision by it
    const auto rollcall = std::make_shared<Rollcall>(lanes.size());
    for (const auto& lane : lanes)
        lane->adopt(loaded, [rollcall] { rollcall->arrive(); });
    if (!rollcall->wait(patience))
        events.warn("reload: a worker is late, it decides by the new policy when it comes to it");
    in_force.replace(loaded);
    events.info("reloaded", {{"cause", word(cause)},
                             {"policy", loaded->policy->digest()},
                             {"directory", loaded->directory->digest()},
                             {"before", before->policy->digest()}});
    const auto& now = loaded->credentials;
    if (now && now->fingerprint() != before->credentials->fingerprint())
        events.info("certificates rotated: handshakes from here on use the new one",
                    {{"certificate", now->fingerprint()}, {"identity", now->id()}});
    return true;
}

}  // namespace beta::app
