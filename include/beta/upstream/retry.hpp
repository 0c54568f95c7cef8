// Retry: when a connect that failed is tried again on a fresh circuit, and how long each try may
// take.
#pragma once

#include "beta/model/failure.hpp"

#include <chrono>
#include <cstddef>
#include <optional>

namespace beta::upstream {

struct RetryLimits {
    std::chrono::milliseconds first_try{};  // a circuit that will come is mostly there by then
    std::chrono::milliseconds in_all{};
    std::size_t tries = 1;
};

/// Pure. Only for what model::facts calls safe: nothing was sent. A circuit that is late is left
/// early, since most that are late never come, and each further one gets twice the time, since some
/// destinations are that slow.
class Retry {
  public:
    explicit Retry(RetryLimits limits) : limits_(limits) {}

    /// Of the try that begins now, `elapsed` after the first one began.
    std::chrono::milliseconds time_limit(std::chrono::milliseconds elapsed) const;
    /// The try that was under way has failed: how long to wait before another; empty: no more.
    std::optional<std::chrono::milliseconds> failed(model::Failure failure,
                                                    std::chrono::milliseconds elapsed);

  private:
    RetryLimits limits_;
    std::size_t failed_ = 0;
};

/// Another circuit may do better: not where tor's own port is at fault.
bool helped_by_a_fresh_circuit(model::Failure failure) noexcept;

}  // namespace beta::upstream
