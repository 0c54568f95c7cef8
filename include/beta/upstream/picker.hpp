// Picker: which of the circuits to one destination a request takes: the better one of two, by the
// latency seen.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace beta::upstream {

/// Peak-EWMA. An estimate takes a higher latency at once and forgets it slowly, so that a circuit
/// that turns slow is left with its next answer, and one that was slow is tried again: without news
/// an estimate falls, though far slower, as every try costs a request. Of those that are not far
/// worse than the best two are drawn and the better one taken: always the best would mean one
/// circuit for all, and nothing new learned of the others. Pure. Not thread-safe.
class Picker {
  public:
    static constexpr std::size_t most = 8;   // circuits: more are a load on tor for little
    using Time = std::chrono::microseconds;  // since any moment that stays; never goes back

    struct Candidate {
        bool usable = false;
        std::size_t outstanding = 0;  // requests that wait for it or for its answers
        bool connects = false;        // a stream would have to be opened first
    };

    /// Beside better answers a slow one is forgotten to 1/e within `memory`, without any answer
    /// within `patience`: until then a slow circuit is not tried again while others are better.
    Picker(std::size_t circuits, Time memory, Time patience);

    /// By circuit; at least one is usable. `random`: any bits.
    std::size_t pick(std::span<const Candidate> candidates, Time now, std::uint32_t random) const;

    void answered(std::size_t circuit, Time latency, Time now);
    /// Given up without an answer after so long: nothing is learned but that it is no faster.
    void unanswered(std::size_t circuit, Time waited, Time now);
    /// Another circuit stands in its place, of which nothing is known.
    void forget(std::size_t circuit);

    bool known(std::size_t circuit) const { return estimates_[circuit].latency > 0; }
    Time estimate(std::size_t circuit, Time now) const;
    /// Its way is at fault, and another would be better: its last answers were far worse than what
    /// came by another circuit at the time, more than once. What is slow at the destination is so
    /// by all circuits, or for one request.
    bool left_behind(std::size_t circuit) const;
    /// Whether its last answer was far worse than others' or than the best of late.
    bool is_behind(std::size_t circuit) const {
        const auto& estimate = estimates_[circuit];
        return estimate.behind.in_a_row + estimate.worse_than_before.in_a_row > 0;
    }

    /// By all circuits that are known answers come far later than by the best one of the last
    /// minute: all of their ways may be slow, and a fresh one better, or it is the destination. As
    /// fresh ones turn out no better, and with time, it is taken for that.
    /// Not sure: by one answer of each that is known. Sure: by more, and all are known.
    enum class Sure : std::uint8_t { no, yes };
    bool all_were_better(Sure sure) const;
    /// Of those that are known, where any is.
    std::size_t slowest() const;

  private:
    struct Times {
        std::uint32_t in_a_row = 0;
        Time last{};
    };
    struct Estimate {
        double latency = 0;  // microseconds, at `since`; 0: not known
        Time since{};
        Times behind;             // another of the time
        Times worse_than_before;  // than the best of late
    };

    double now_at(const Estimate& estimate, Time now) const;
    double best_known(std::span<const Candidate> candidates, Time now) const;
    double best_heard_beside(std::size_t circuit, Time now) const;
    bool is_far_worse(std::size_t circuit, Time latency, Time now) const;
    double best_before(Time now) const;
    void remember_best(double latency, Time now);
    static void count(Times& times, bool seen, Time latency, Time now);

    std::vector<Estimate> estimates_;
    double best_ = 0;  // estimate of late, at `best_since_`; 0: not known
    Time best_since_{};
    double memory_;
    double patience_;
};

}  // namespace beta::upstream
