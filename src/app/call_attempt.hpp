// CallAttempt: the part of a probe that goes over the wire: connect, TLS, and a request if asked.
#pragma once

#include "beta/http/head.hpp"
#include "beta/net/stream.hpp"
#include "beta/probe/report.hpp"
#include "beta/runtime/timer_wheel.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/tor/connector.hpp"
#include "beta/upstream/route.hpp"

#include <chrono>
#include <future>
#include <string>
#include <string_view>

namespace beta::app {

/// Made before its worker starts, destroyed after it has stopped; in between it is the worker's.
class CallAttempt final : private net::StreamOwner, private runtime::Timer {
  public:
    struct Terms {
        std::chrono::milliseconds timeout;  // of each part
        std::string request;                // empty: none
        http::HeadLimits limits;            // of the answer
    };

    CallAttempt(runtime::Worker& worker, const upstream::Route& route, Terms terms,
                probe::Report& report);

    void start();
    /// Until the report says how it went.
    void wait() { over_.get_future().wait(); }

  private:
    enum class Part : std::uint8_t { connect, tls, answer, done };

    void stream_ready() override;
    void expired() override;
    void connected(std::expected<net::StreamHandle, model::Failure> outcome);
    void hear_of_tls();
    void tls_is_up(std::string_view verdict);
    void tls_failed(std::string_view fault);
    void ask();
    void send_rest();
    void hear_answer();
    void answered(const http::ResponseHead& head);
    void fail(probe::Step step, std::string words,
              probe::Verdict verdict = probe::Verdict::unavailable);
    void finish();
    std::string took() const;

    runtime::Worker& worker_;
    const upstream::Route& route_;
    Terms terms_;
    probe::Report& report_;
    telemetry::Shard shard_;  // nobody scrapes it
    tor::Connector connector_;
    net::StreamHandle stream_;
    Part part_ = Part::connect;
    std::chrono::steady_clock::time_point began_;
    std::string_view unsent_;
    std::string heard_;
    http::HeadScan scan_;
    std::promise<void> over_;
};

}  // namespace beta::app
