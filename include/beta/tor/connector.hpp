// Connector: opens one stream along a Route: to the local app, or through tor's SOCKS port to a
// name, with TLS where a sidecar answers.
#pragma once

#include "beta/model/failure.hpp"
#include "beta/net/stream.hpp"
#include "beta/runtime/timer_wheel.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/socks/connect.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/upstream/route.hpp"

#include <chrono>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beta::tor {

/// One attempt, from the connect to a stream that carries application bytes. There is no way past
/// SOCKS for a route through tor: when the port fails, the attempt fails. Retired to the poller by
/// its owner, before or after its end. One worker only.
class Connector final : public runtime::Retirable,
                        private net::StreamOwner,
                        private runtime::Timer {
  public:
    using Done = std::function<void(std::expected<net::StreamHandle, model::Failure>)>;

    Connector(runtime::Worker& worker, telemetry::Shard& shard, const upstream::Route& route);
    ~Connector() override = default;

    /// Calls `done` once, `within` this time, never from within start().
    void start(Done done, std::chrono::milliseconds within);
    /// `done` will not be called.
    void abandon() noexcept;

    /// For who explains a failure: tor's reply was the stream, and what failed is TLS.
    bool is_greeting() const noexcept { return is_greeting_; }
    /// What was heard, where that says more than the Failure: a sentence on SOCKS, a word of the
    /// handshake's. Static text; may be empty.
    std::string_view detail() const noexcept { return detail_; }

  private:
    void stream_ready() override;
    void expired() override;
    void connected();
    void send_pending();
    void handle(const socks::Action& action);
    void receive();
    void greet_early();
    void secure();
    void greet();
    void unreachable(telemetry::TorResult result, model::Failure failure);
    void count(telemetry::TorResult result);
    void finish(model::Failure failure);

    runtime::Worker& worker_;
    telemetry::Shard& shard_;
    const upstream::Route& route_;
    net::StreamHandle stream_;
    std::optional<socks::Connect> handshake_;
    std::unique_ptr<net::Layer> layer_;  // until the stream has it
    std::string asked_;                  // the request, and what goes with it
    std::string_view sending_;
    std::string_view detail_;
    std::chrono::steady_clock::time_point began_;
    Done done_;
    model::Failure early_ = model::Failure::none;  // failed before the first wait
    bool is_connected_ = false;
    bool is_greeting_ = false;
};

}  // namespace beta::tor
