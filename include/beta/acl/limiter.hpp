// Limiter: how far callers have used up the limits of a policy. One for all workers of a process.
#pragma once

#include "beta/acl/rule.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace beta::acl {

/// GCRA, the virtual scheduling form of ITU-T I.371 Annex A: a key's theoretical arrival time moves
/// on by one interval with each request that passes. Taking is exact over all threads: one atomic
/// exchange, no lock. The state of a key outlives the policy: a rule that keeps its name and its
/// limit keeps what was used of it.
///
/// Keys are made from rules and services, never from traffic. When there are more at once than fit,
/// those beyond are refused: a limit that cannot be counted is no reason to let anything through.
class Limiter {
  public:
    using Nanoseconds = std::chrono::nanoseconds;

    struct Answer {
        bool passes = false;
        Nanoseconds retry_after{};    // of a refusal
        std::uint32_t remaining = 0;  // requests that would pass at once after this one
    };

    explicit Limiter(std::size_t keys = 16'384);

    /// `key` is Decision::limit_key, `now` any clock that does not go back. Any thread.
    Answer take(std::uint64_t key, const Limit& limit, Nanoseconds now) noexcept;

  private:
    /// A slot once taken is never free again, but changes its key when the old one's time has
    /// passed, which is as if it had never been used.
    struct Slot {
        std::atomic<std::uint64_t> key{0};  // 0: free
        std::atomic<std::int64_t> arrival{0};
    };

    Slot* find(std::uint64_t key) noexcept;
    Slot* insert(std::uint64_t key, std::int64_t now) noexcept;
    Slot* claim(std::uint64_t key, std::int64_t now) noexcept;

    std::vector<Slot> slots_;  // a power of two
    std::atomic_flag inserting_;
};

}  // namespace beta::acl
