#include "beta/upstream/picker.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace beta::upstream {
namespace {

constexpr double least = 1;  // microsecond: however low an estimate falls, those who wait count

constexpr double worse = 1.5;    // than the best: no draw, since two drawn may both be so
constexpr double far_worse = 2;  // its way is at fault, if it is so again

/// So many who wait make a circuit look twice as slow: its streams share the way, they do not
/// queue. Of one that is not known a single request is to find out.
constexpr double crowd = 4;
constexpr double crowd_of_unknown = 1;

constexpr double new_stream = 2;  // round trips: connect and TLS's first message, then the request

constexpr std::uint32_t certain = 2;  // times behind, each asked after the one before was seen

double weight(Picker::Time passed, double memory) {
    return std::exp(-static_cast<double>(passed.count()) / memory);
}

}  // namespace

Picker::Picker(std::size_t circuits, Time memory, Time patience)
    : estimates_(circuits),
      memory_(static_cast<double>(memory.count())),
      patience_(static_cast<double>(patience.count())) {
    assert(circuits <= most);
}

std::size_t Picker::pick(std::span<const Candidate> candidates, Time now,
                         std::uint32_t random) const {
    assert(candidates.size() == estimates_.size());
    std::array<double, most> latencies;  // NOLINT: filled where it is read
    std::array<double, most> scores;     // NOLINT: the same
    // Of one that is not known the best is hoped: else it would stay unknown.
    const double hoped = best_known(candidates, now);
    double fastest = std::numeric_limits<double>::max();
    double best = fastest;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!candidates[i].usable)
            continue;
        latencies[i] = known(i) ? now_at(estimates_[i], now) : hoped;
        const double others =
            static_cast<double>(candidates[i].outstanding) / (known(i) ? crowd : crowd_of_unknown);
        scores[i] = latencies[i] * ((candidates[i].connects ? new_stream : 1) + others);
        fastest = std::min(fastest, latencies[i]);
        best = std::min(best, scores[i]);
    }
    // A slow one is worth it only when so many wait for the others that it is the best of all.
    std::array<std::size_t, most> worth;  // NOLINT: filled where it is read
    std::size_t count = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (candidates[i].usable && (latencies[i] <= fastest * worse || scores[i] <= best))
            worth[count++] = i;
    }
    assert(count > 0);
    const std::size_t one = worth[random % count];
    const std::size_t step = 1 + random / count % std::max<std::size_t>(count - 1, 1);
    const std::size_t other = worth[(random + step) % count];
    return scores[other] < scores[one] ? other : one;
}

double Picker::best_known(std::span<const Candidate> candidates, Time now) const {
    double best = 0;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        if (!candidates[i].usable || !known(i))
            continue;
        const double latency = now_at(estimates_[i], now);
        best = best == 0 ? latency : std::min(best, latency);
    }
    return std::max(best, least);
}

/// Of what was heard of late, as it was: an estimate that fell for want of news says nothing.
/// 0: nothing was.
double Picker::best_heard_beside(std::size_t circuit, Time now) const {
    double best = 0;
    for (std::size_t i = 0; i < estimates_.size(); ++i) {
        const auto& other = estimates_[i];
        if (i == circuit || !known(i) || static_cast<double>((now - other.since).count()) > memory_)
            continue;
        best = best == 0 ? other.latency : std::min(best, other.latency);
    }
    return best;
}

bool Picker::is_far_worse(std::size_t circuit, Time latency, Time now) const {
    const double best = best_heard_beside(circuit, now);
    return best > 0 && static_cast<double>(latency.count()) > best * far_worse;
}

void Picker::seen_behind(Estimate& estimate, Time latency, Time now) {
    if (estimate.times_behind > 0 && now - latency < estimate.seen_behind)
        return;  // those asked together may have met the same slow moment
    ++estimate.times_behind;
    estimate.seen_behind = now;
}

bool Picker::left_behind(std::size_t circuit) const {
    return estimates_[circuit].times_behind >= certain;
}

void Picker::answered(std::size_t circuit, Time latency, Time now) {
    auto& estimate = estimates_[circuit];
    if (is_far_worse(circuit, latency, now))
        seen_behind(estimate, latency, now);
    else
        estimate.times_behind = 0;
    const auto seen = std::max(static_cast<double>(latency.count()), least);
    const double before = known(circuit) ? now_at(estimate, now) : 0;
    if (seen < before) {
        const double kept = weight(now - estimate.since, memory_);
        estimate.latency = estimate.latency * kept + seen * (1 - kept);
    } else {
        estimate.latency = seen;
    }
    estimate.since = now;
}

void Picker::unanswered(std::size_t circuit, Time waited, Time now) {
    if (waited > estimate(circuit, now))
        answered(circuit, waited, now);
    else if (is_far_worse(circuit, waited, now))
        seen_behind(estimates_[circuit], waited, now);
}

void Picker::forget(std::size_t circuit) {
    estimates_[circuit] = {};
}

Picker::Time Picker::estimate(std::size_t circuit, Time now) const {
    if (!known(circuit))
        return {};
    return Time(static_cast<Time::rep>(now_at(estimates_[circuit], now)));
}

double Picker::now_at(const Estimate& estimate, Time now) const {
    return std::max(estimate.latency * weight(now - estimate.since, patience_), least);
}

}  // namespace beta::upstream
