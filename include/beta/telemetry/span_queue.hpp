// SpanQueue: the outbox of the whole process: workers put spans in, one takes batches out.
#pragma once

#include "beta/trace/outbox.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace beta::telemetry {

/// Any thread. Nobody waits for longer than a batch takes to be put together.
class SpanQueue {
  public:
    explicit SpanQueue(trace::Outbox::Terms terms) : outbox_(terms) {}

    /// Leaves `spans` empty. What there is no room for is lost and counted.
    void hand_over(std::vector<std::string>& spans);
    trace::Outbox::Counts counts() const;

    // Of the one that sends:
    /// The spans to send now, if it is time.
    std::optional<std::string> take();
    void answered(const trace::Answer& answer);
    void finish();
    bool is_done() const;

  private:
    static trace::Outbox::Time now();

    mutable std::mutex mutex_;
    trace::Outbox outbox_;
};

}  // namespace beta::telemetry
