// Hooks: what the admin endpoint asks the rest of the program. It can ask, it can change nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace beta::admin {

/// One thing that should be well.
struct Check {
    std::string name;  // "policy", "tor"
    bool ok = false;
    std::string words;   // what a person on call needs to know
    bool needed = true;  // traffic should not come before it is well

    bool lets_in() const noexcept { return ok || !needed; }
};

struct Readiness {
    bool ready = false;
    std::vector<Check> checks;
};

struct Status;

/// All are called on the admin thread and must return at once.
struct Hooks {
    /// Makes the text of /metrics; runs on the admin thread, so that it may take its time there.
    using MakeText = std::function<std::string()>;
    /// Starts to collect. `answer` may be called from any thread, once, also after the server has
    /// gone.
    std::function<void(std::function<void(MakeText)> answer)> metrics;
    /// The same for the page and /api/status; without it there are none.
    using MakeStatus = std::function<Status()>;
    std::function<void(std::function<void(MakeStatus)> answer)> status{};
    /// What is known when the workers do not answer.
    MakeStatus status_without_workers{};
    std::function<Readiness()> ready;
    /// False when only a restart helps.
    std::function<bool()> live;
};

}  // namespace beta::admin
