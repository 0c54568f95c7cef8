// Circuits: the circuits to one destination: which of them a request takes, and when another is
// made ready.
#pragma once

#include "beta/upstream/breaker.hpp"
#include "beta/upstream/circuit.hpp"
#include "beta/upstream/hedging.hpp"
#include "beta/upstream/picker.hpp"
#include "beta/upstream/pool.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace beta::upstream {

/// A destination that is asked one thing at a time has one circuit, and one that is not asked has
/// none: further ones are made ready once requests meet, or when all there are have turned slow.
/// They share the limits of the destination. Towards the app there is one.
class Circuits {
  public:
    struct Streams {
        std::size_t idle = 0;
        std::size_t busy = 0;
    };
    using Duration = runtime::Worker::Clock::duration;

    Circuits(PoolState& pool, Route route);

    /// The same route, perhaps with certificates of now: for connects from here on.
    void renew(Route route);
    void borrow(Borrower& borrower) { borrow(borrower, nullptr); }
    /// By another circuit than this one, where there is one.
    void borrow_elsewhere(Borrower& borrower, const Circuit& but) { borrow(borrower, &but); }
    /// As in Pool. Each call of the first is a request more that the budget grows by.
    std::optional<std::chrono::milliseconds> hedge_after();
    bool hedge(const Circuit& slow, Borrower& borrower);
    /// Each second.
    void tick();
    void evict_idle();
    Streams streams() const;
    Seen seen() const;

    // from the circuits
    void answered(std::uint32_t circuit, Duration latency, bool by_this_epoch);
    void unanswered(std::uint32_t circuit, Duration waited);
    void begins_anew(std::uint32_t circuit) { picker_.forget(circuit); }
    void reached();
    /// With all its tries.
    void connect_failed(model::Failure failure, Circuit::Time began);
    bool is_left_alone() const noexcept { return breaker_.state() != Breaker::State::closed; }
    /// A circuit that is silent for so long is left.
    Duration stall_time() const;
    /// The number of the schedule's turn: each circuit changes at a time of its own, on all workers
    /// at the same.
    std::uint64_t turn(std::uint32_t circuit) const;

  private:
    void borrow(Borrower& borrower, const Circuit* but);
    bool admits();
    void show_breaker();
    std::size_t choose(const Circuit* but);
    std::size_t coldest(const Circuit* but) const;
    std::size_t warm() const;
    void warm_another();
    void warm_a_better(std::size_t than);
    void share_out_waiters();
    void replace_slow();
    void replace(std::size_t circuit);
    Circuit& at(std::size_t number);
    SlotLimits share(std::size_t number) const noexcept;
    Picker::Time now() const noexcept { return time_of(pool_.worker.now()); }
    Picker::Time time_of(Circuit::Time moment) const noexcept;

    PoolState& pool_;
    Route route_;
    std::vector<std::unique_ptr<Circuit>> circuits_;  // by number; none before it is needed
    Picker picker_;
    Picker::Time replace_from_{};
    Picker patience_;  // one estimate: the slowest answers of late, by whichever circuit
    Hedging hedging_;
    Picker::Time usual_{};  // a moving average of answers; 0 before the first
    Breaker breaker_;
    Breaker::State shown_breaker_ = Breaker::State::closed;
    model::Failure last_failure_ = model::Failure::none;
    std::size_t jitter_;
    std::int64_t shown_ = 0;  // circuits, in the metrics
};

}  // namespace beta::upstream
