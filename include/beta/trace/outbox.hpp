// Outbox: spans that wait for the collector, and when which of them go.
#pragma once

#include "beta/trace/answer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace beta::trace {

/// One batch is under way at a time; what comes meanwhile waits, and beyond the bound is lost: the
/// requests that it tells of wait for nothing. Pure. Not thread-safe.
class Outbox {
  public:
    using Time = std::chrono::milliseconds;  // since any moment that stays; never goes back

    struct Terms {
        std::size_t queue_spans = 2048;
        std::size_t batch_spans = 512;
        Time flush{5'000};     // the longest that a span waits for others
        Time give_up{60'000};  // after its first try a batch is tried no more
    };
    struct Counts {
        std::uint64_t sent = 0;     // and taken
        std::uint64_t dropped = 0;  // no room, no way, no time
        std::uint64_t refused = 0;  // by the collector
    };

    explicit Outbox(Terms terms) : terms_(terms) {}

    void add(std::string span, Time now);
    /// From when on take() is to be called; never while a batch is under way or nothing waits.
    std::optional<Time> due() const;
    /// The spans of the batch, with commas between them; the same again for another try.
    const std::string& take(Time now);
    void answered(const Answer& answer, Time now);
    /// The sidecar ends: what waits goes at once, each batch is tried once, and after a failure
    /// nothing more.
    void finish();
    /// After finish(): there is nothing left to do.
    bool is_done() const noexcept { return finishing_ && !under_way_ && waiting_.empty(); }

    const Counts& counts() const noexcept { return counts_; }

  private:
    struct Waiting {
        std::string json;
        Time since;
    };

    void fill_batch(Time now);
    void again_or_drop(const Answer& answer, Time now);
    void drop_batch();
    void drop_all();

    Terms terms_;
    Counts counts_;
    std::deque<Waiting> waiting_;
    std::string batch_;
    std::size_t batch_spans_ = 0;  // 0: none
    std::uint32_t tries_ = 0;      // of the batch
    Time first_try_{0};
    Time not_before_{0};  // the collector, or a failure, asked for a pause
    bool under_way_ = false;
    bool finishing_ = false;
};

}  // namespace beta::trace
