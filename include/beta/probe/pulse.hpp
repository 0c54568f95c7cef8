// Pulse: when an onion of our own is tried next, how long a try may take, and when the onion is to
// be published again. Pure: results and the time come in.
#pragma once

#include "beta/model/failure.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace beta::probe {

/// How long a try may take, learned as RFC 6298 §2 learns a retransmission time-out.
class Patience {
  public:
    using Duration = std::chrono::milliseconds;

    static constexpr Duration least{5'000};  // Tor has seconds in it on a good day
    static constexpr Duration most{60'000};  // and what has not come by then never does

    /// `most` until something was measured.
    Duration limit() const noexcept { return limit_; }
    void took(Duration time) noexcept;
    /// Doubles, until a try succeeds: the network may have become slower than it was.
    void ran_out() noexcept;

  private:
    Duration limit_ = most;
    std::optional<Duration> mean_;
    Duration deviation_{};
};

struct Result {
    model::Failure failure = model::Failure::none;
    std::chrono::milliseconds took{};
    std::uint64_t callers = 0;  // that came by the onion since the start
};

class Pulse {
  public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::milliseconds;

    /// Tries in a row that must say that the descriptor is stale before it is published again.
    static constexpr std::uint32_t patience_with_a_descriptor = 3;
    /// The same while callers come by the onion: what works for them is not torn down for less.
    static constexpr std::uint32_t patience_while_others_come = 10;
    // Between two times that it is published again; doubles while that does not help. Tor asks a
    // directory for the same descriptor once in 15 minutes: sooner a try may not see what is new.
    static constexpr Duration first_pause = std::chrono::minutes{20};
    static constexpr Duration longest_pause = std::chrono::hours{2};

    explicit Pulse(Duration every) : every_(every) {}

    /// Until the next try; `chance` in [0, 1) spreads it over half the time either way, so that the
    /// sidecars of a host do not all try at once.
    Duration next(double chance) const noexcept;
    Duration time_limit() const noexcept { return patience_.limit(); }

    /// True: callers cannot find the onion, and to publish it again may help.
    bool heard(const Result& result, Time now) noexcept;
    /// That was done.
    void healed(Time now) noexcept;

    bool has_result() const noexcept { return last_.has_value(); }
    bool succeeds() const noexcept { return last_ && last_->failure == model::Failure::none; }
    /// Of the last try that succeeded.
    std::optional<Duration> latency() const noexcept { return latency_; }
    std::uint32_t failures_in_a_row() const noexcept { return failures_; }
    /// For a person: "reached in 812 ms", "degraded: not reached 2 times in a row: …".
    std::string words() const;

  private:
    void note_callers(std::uint64_t callers) noexcept;

    Duration every_;
    Patience patience_;
    std::optional<Result> last_;
    std::optional<Duration> latency_;
    std::uint32_t failures_ = 0;  // in a row
    std::uint32_t stale_ = 0;     // of these, the last that say that the descriptor is stale
    bool others_came_ = false;    // between these
    std::uint64_t callers_ = 0;
    Duration pause_{};
    std::optional<Time> healed_;
};

}  // namespace beta::probe
