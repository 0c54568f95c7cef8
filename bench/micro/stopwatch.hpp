// Stopwatch: CPU nanoseconds of one call, for two ways to do the same, measured alternately.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace beta::bench {

/// The compiler must believe that somebody looks at `value`.
template <class Value>
void keep(const Value& value) {
    asm volatile("" : : "g"(&value) : "memory");
}

/// CPU time of this thread: what other programs do meanwhile hardly counts.
inline double cpu_nanoseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

/// Mean of one batch that takes `budget` nanoseconds or more.
template <class Call>
double time_of(Call&& call, double budget) {
    std::uint64_t calls = 0;
    const double begun = cpu_nanoseconds();
    double used = 0;
    for (std::uint64_t batch = 1; used < budget; batch *= 2) {
        for (std::uint64_t i = 0; i < batch; ++i)
            call();
        calls += batch;
        used = cpu_nanoseconds() - begun;
    }
    return used / static_cast<double>(calls);
}

struct Comparison {
    double ours = 0;      // nanoseconds a call, median
    double baseline = 0;  // likewise
    double ratio = 0;     // median of the ratios of each round
};

inline double median(auto values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

template <class Ours, class Baseline>
Comparison compare(Ours&& ours, Baseline&& baseline, bool quick) {
    constexpr std::size_t rounds = 15;
    const double budget = quick ? 2e5 : 2e7;
    std::array<double, rounds> mine{};
    std::array<double, rounds> theirs{};
    std::array<double, rounds> ratios{};
    for (std::size_t i = 0; i < rounds; ++i) {
        mine[i] = time_of(ours, budget);
        theirs[i] = time_of(baseline, budget);
        ratios[i] = mine[i] / theirs[i];
    }
    return {median(mine), median(theirs), median(ratios)};
}

}  // namespace beta::bench
