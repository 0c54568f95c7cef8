// SelfProbe: on a schedule, calls this sidecar's own onions through Tor, to know before its callers
// do that they lead nowhere.
#pragma once

#include "beta/app/loaded.hpp"
#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/model/onion_address.hpp"
#include "beta/probe/pulse.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/tor/isolation.hpp"
#include "beta/upstream/route.hpp"

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace beta::app {

/// One onion, and how it is reached from here.
struct SelfTarget {
    std::string plane;  // of its callers; "any" where all come by one onion
    model::OnionAddress onion;
    upstream::Route route;
    /// The listener there takes us for a caller: it is asked for the path that only we know.
    /// Another plane's knows us by our certificate, and refuses it.
    bool answers = false;
};

/// The onions that the directory has of this service; those that it publishes, where the directory
/// does not know it. The error is a sentence.
std::expected<std::vector<SelfTarget>, std::string> self_targets(const config::Config& config,
                                                                 const Loaded& loaded);

/// On a worker of its own, each try on a circuit of its own: nothing of it touches pools, streams
/// or the metrics of requests. A try ends once the far end has proved to be us.
class SelfProbe {
  public:
    struct Hooks {
        /// Publishes it again; false when that is not ours to do.
        std::function<bool(const model::OnionAddress& onion)> heal;
        /// How many callers of that plane came so far.
        std::function<std::uint64_t(const std::string& plane)> callers;
    };

    /// `isolation` and `events` outlive this.
    SelfProbe(std::chrono::milliseconds every, std::vector<SelfTarget> targets,
              const tor::Isolation& isolation, Hooks hooks, telemetry::EventLog& events);
    ~SelfProbe();
    SelfProbe(const SelfProbe&) = delete;
    SelfProbe& operator=(const SelfProbe&) = delete;

    void start();
    void stop();
    /// Any thread: after a reload. What was learned of a plane's onion stays.
    void adopt(std::vector<SelfTarget> targets);
    Watch::Also shown() const;

  private:
    class Beat;
    struct Seen {
        std::string plane;
        bool succeeds = false;
        std::optional<probe::Pulse::Duration> latency;
        std::string words;
        std::uint64_t healed = 0;
    };

    void replace(std::vector<SelfTarget> targets);
    void show(const Beat& beat);
    std::vector<Seen> seen() const;
    double chance() { return std::uniform_real_distribution<double>()(random_); }

    std::chrono::milliseconds every_;
    const tor::Isolation& isolation_;
    Hooks hooks_;
    telemetry::EventLog& events_;
    telemetry::Shard shard_;  // nobody scrapes it
    std::minstd_rand random_{std::random_device{}()};
    mutable std::mutex mutex_;
    std::vector<Seen> seen_;
    runtime::Worker worker_;
    std::vector<std::unique_ptr<Beat>> beats_;
};

}  // namespace beta::app
