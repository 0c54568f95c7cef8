// SpanLog: the spans of one worker's requests, handed over at the end of each batch. One worker
// only.
#pragma once

#include "beta/telemetry/record.hpp"
#include "beta/telemetry/span_queue.hpp"
#include "beta/trace/span.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::telemetry {

class SpanLog {
  public:
    /// `queue` outlives it. `sample`: of traces that begin here, in millionths.
    SpanLog(SpanQueue& queue, std::uint32_t sample) : queue_(queue), sample_(sample) {}
    SpanLog(const SpanLog&) = delete;
    SpanLog& operator=(const SpanLog&) = delete;

    /// Of a trace that begins here with this id.
    bool samples(std::string_view trace_id) const noexcept {
        return trace::is_sampled(trace_id, sample_);
    }
    /// Of a request that is recorded; `state`: its tracestate.
    void write(const Record& record, const trace::Ids& ids, std::string_view state,
               std::chrono::system_clock::time_point end);
    void hand_over();

  private:
    SpanQueue& queue_;
    std::uint32_t sample_;
    std::vector<std::string> spans_;
};

}  // namespace beta::telemetry
