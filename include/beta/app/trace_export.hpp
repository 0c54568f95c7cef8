// TraceExport: sends the spans of all workers to the collector that the directory knows, as this
// service's own requests: by the same policy, pool and log.
#pragma once

#include "beta/app/lane.hpp"
#include "beta/app/loaded.hpp"
#include "beta/app/watch.hpp"
#include "beta/config/config.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/proxy/exchange.hpp"
#include "beta/proxy/sides.hpp"
#include "beta/runtime/timer_wheel.hpp"
#include "beta/telemetry/span_queue.hpp"
#include "beta/trace/answer.hpp"
#include "beta/trace/span.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace beta::app {

/// Why spans will not reach the collector by these files: it is unknown, no service, has no onion
/// for us, or our policy denies it.
model::Diagnostics tracing_warnings(const config::Config& config, const Loaded& loaded);

trace::Outbox::Terms terms_of(const config::Tracing& tracing);
Watch::Also shown(const telemetry::SpanQueue& queue);

/// On a lane of its own, which has no listener, so that no request waits for a batch. Made before
/// the lane starts, destroyed after it has stopped.
class TraceExport final : private proxy::Downstream, private runtime::Timer {
  public:
    /// All of them outlive it. Requests of the lane are not traced.
    TraceExport(const config::Config& config, telemetry::SpanQueue& queue, Lane& lane);
    ~TraceExport() override;

    /// Any thread: sends what waits; the hook is called once, on the lane's thread, when all is
    /// sent or lost.
    void send_rest(std::function<void()> finished);

  private:
    void look_again() { lane_.worker().wheel().arm(*this, runtime::TimerWheel::tick); }
    void expired() override;
    void send(const std::string& spans);
    void over(trace::Answer answer);

    // Downstream
    void send_head(const http::ResponseHead& head, const http::Framing& framing,
                   http::HeadChanges changes) override;
    std::size_t send_body(std::string_view bytes) override;
    void flush() override {}
    bool blocked() const override { return false; }
    void send_problem(http::Problem problem, bool close) override;
    void send_own_answer(http::OwnAnswer) override {
        over({.verdict = trace::Answer::Verdict::denied});
    }
    void finish(bool close) override;
    void abort() override { over({.verdict = trace::Answer::Verdict::later}); }
    void pull() override;

    Lane& lane_;
    telemetry::SpanQueue& queue_;
    std::string collector_;
    trace::Resource resource_;
    proxy::EgressSide side_;
    std::unique_ptr<proxy::Exchange> exchange_;  // while a batch is under way
    std::string body_;
    std::string_view unsent_;
    std::string heard_;  // of the answer
    trace::Answer answer_;
    std::function<void()> finished_;
};

}  // namespace beta::app
