#include "verdict.hpp"

#include <utility>

namespace beta::admin {

std::int64_t whole_days(std::chrono::system_clock::duration left) {
    return std::chrono::floor<std::chrono::days>(left).count();
}

Verdict judge(const Status& status) {
    Verdict verdict{.state = "ready", .sentence = "Ready", .reasons = {}};
    for (const auto& check : status.readiness.checks) {
        if (!check.ok)
            verdict.reasons.push_back(check.name + ": " + check.words);
    }
    if (const auto& ours = status.certificate; ours && ours->ends_soon && ours->until > status.now)
        verdict.reasons.push_back("our certificate ends in " +
                                  std::to_string(whole_days(ours->until - status.now)) + " days");
    if (status.policy.last_failed)
        verdict.reasons.emplace_back(
            "the last reload was refused and the files of before are in force; the log says why");
    if (!status.workers_answer)
        verdict.reasons.emplace_back("a worker did not bring its numbers in time");
    if (status.draining)
        return {"draining", "Draining: takes nothing new, finishes what began", verdict.reasons};
    if (!status.readiness.ready) {
        verdict.state = "not ready";
        verdict.sentence = "Not ready";
    } else if (!verdict.reasons.empty()) {
        verdict.state = "degraded";
        verdict.sentence = "Degraded";
    }
    if (verdict.reasons.size() == 1)
        verdict.sentence += ": " + std::exchange(verdict.reasons, {}).front();
    else if (verdict.reasons.size() > 1)
        verdict.sentence += ": " + std::to_string(verdict.reasons.size()) + " things are wrong";
    return verdict;
}

}  // namespace beta::admin
