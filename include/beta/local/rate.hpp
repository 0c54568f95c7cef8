// Rate: how many lines a second the app may say. One for all workers of a process.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beta::local {

/// GCRA by one atomic exchange, as acl::Limiter has it, but a batch is taken whole: it passes while
/// no more than a second's lines are used ahead of time, however many it has itself. So none is too
/// large ever to pass, and over time there are no more than the rate.
class Rate {
  public:
    using Nanoseconds = std::chrono::nanoseconds;

    explicit Rate(std::size_t lines_a_second) noexcept;

    /// `now` of any clock that does not go back. Zero: taken; else none was, and how long to wait.
    Nanoseconds take(std::size_t lines, Nanoseconds now) noexcept;

  private:
    std::int64_t interval_;
    std::atomic<std::int64_t> arrival_{0};
};

}  // namespace beta::local
