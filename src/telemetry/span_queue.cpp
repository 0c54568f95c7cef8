#include "beta/telemetry/span_queue.hpp"

#include <chrono>
#include <utility>

namespace beta::telemetry {

trace::Outbox::Time SpanQueue::now() {
    return std::chrono::duration_cast<trace::Outbox::Time>(
        std::chrono::steady_clock::now().time_since_epoch());
}

void SpanQueue::hand_over(std::vector<std::string>& spans) {
    {
        const std::scoped_lock lock(mutex_);
        for (auto& span : spans)
            outbox_.add(std::move(span), now());
    }
    spans.clear();
}

trace::Outbox::Counts SpanQueue::counts() const {
    const std::scoped_lock lock(mutex_);
    return outbox_.counts();
}

std::optional<std::string> SpanQueue::take() {
    const std::scoped_lock lock(mutex_);
    const auto due = outbox_.due();
    if (!due || *due > now())
        return std::nullopt;
    return outbox_.take(now());
}

void SpanQueue::answered(const trace::Answer& answer) {
    const std::scoped_lock lock(mutex_);
    outbox_.answered(answer, now());
}

void SpanQueue::finish() {
    const std::scoped_lock lock(mutex_);
    outbox_.finish();
}

bool SpanQueue::is_done() const {
    const std::scoped_lock lock(mutex_);
    return outbox_.is_done();
}

}  // namespace beta::telemetry
