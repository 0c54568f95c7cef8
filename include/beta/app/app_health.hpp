// AppHealth: checks the local app on a schedule, and tells the log, the metrics and whoever asks
// for readiness what it found.
#pragma once

#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/model/endpoint.hpp"
#include "beta/net/stream.hpp"
#include "beta/probe/health.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/tor/connector.hpp"
#include "beta/upstream/route.hpp"

#include <chrono>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace beta::app {

/// On a worker of its own, each check by a connection of its own: nothing of it touches pools,
/// streams or the metrics of requests.
class AppHealth final : private runtime::Timer, private net::StreamOwner {
  public:
    /// `events` outlive this.
    AppHealth(const config::Config& config, const model::Endpoint& app,
              telemetry::EventLog& events);
    ~AppHealth() override;

    void start();
    void stop();
    Watch::Also shown() const;

  private:
    struct Seen {
        std::optional<bool> is_up;
        std::string words;
    };

    void expired() override;
    void begin();
    void connected(std::expected<net::StreamHandle, model::Failure> outcome);
    void stream_ready() override;
    void checked(const probe::Checkup& checkup);
    void show();

    const config::AppHealth settings_;
    telemetry::EventLog& events_;
    telemetry::Shard shard_;  // nobody scrapes it
    std::string request_;     // empty: a connection is enough
    probe::Health health_;
    mutable std::mutex mutex_;
    Seen seen_;
    runtime::Worker worker_;
    upstream::Route route_;
    std::chrono::steady_clock::time_point began_;
    std::unique_ptr<tor::Connector> connector_;
    net::StreamHandle stream_;  // while an answer is waited for
    std::string heard_;
};

}  // namespace beta::app
