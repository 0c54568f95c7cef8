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

constexpr std::uint32_t certain = 2;  // times, each asked after the one before was seen

/// Than what was best before: a fresh circuit costs tor and its network more than less would spare,
/// and a busy machine is late by as much at times.
constexpr double worth_a_circuit = 100'000;  // microseconds

/// Of what was best before, when a fresh circuit is as slow as all others: after three or four of
/// them the destination is taken to have become slow.
constexpr double doubt = 1.25;

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
    const double hoped = std::min(best_known(candidates, now), best_before(now));
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

/// Grows as it grows old, until the best of now is no worse.
double Picker::best_before(Time now) const {
    constexpr double none = std::numeric_limits<double>::max();
    return best_ == 0 ? none : best_ / weight(now - best_since_, patience_);
}

void Picker::remember_best(double latency, Time now) {
    if (latency > best_before(now))
        return;
    best_ = latency;
    best_since_ = now;
}

bool Picker::is_far_worse(std::size_t circuit, Time latency, Time now) const {
    const double best = best_heard_beside(circuit, now);
    return best > 0 && static_cast<double>(latency.count()) > best * far_worse;
}

/// Those asked together may have met the same slow moment: they count once.
void Picker::count(Times& times, bool seen, Time latency, Time now) {
    if (!seen)
        times.in_a_row = 0;
    else if (times.in_a_row == 0 || now - latency >= times.last)
        times = {.in_a_row = times.in_a_row + 1, .last = now};
}

bool Picker::left_behind(std::size_t circuit) const {
    return estimates_[circuit].behind.in_a_row >= certain;
}

bool Picker::all_were_better(Sure sure) const {
    return std::ranges::all_of(estimates_, [&](const Estimate& each) {
        if (each.latency == 0)
            return sure == Sure::no;
        return each.worse_than_before.in_a_row >= (sure == Sure::yes ? certain : 1);
    });
}

std::size_t Picker::slowest() const {
    const auto worst = std::ranges::max_element(estimates_, {}, &Estimate::latency);
    return static_cast<std::size_t>(worst - estimates_.begin());
}

void Picker::answered(std::size_t circuit, Time latency, Time now) {
    auto& estimate = estimates_[circuit];
    const auto seen = std::max(static_cast<double>(latency.count()), least);
    const double best = best_before(now);
    const bool was_better = seen > best * far_worse && seen > best + worth_a_circuit;
    if (was_better && !known(circuit))
        best_ *= doubt;
    count(estimate.behind, is_far_worse(circuit, latency, now), latency, now);
    count(estimate.worse_than_before, was_better, latency, now);
    const double before = known(circuit) ? now_at(estimate, now) : 0;
    if (seen < before) {
        const double kept = weight(now - estimate.since, memory_);
        estimate.latency = estimate.latency * kept + seen * (1 - kept);
    } else {
        estimate.latency = seen;
    }
    estimate.since = now;
    remember_best(estimate.latency, now);
}

void Picker::unanswered(std::size_t circuit, Time waited, Time now) {
    if (waited > estimate(circuit, now))
        answered(circuit, waited, now);
    else if (is_far_worse(circuit, waited, now))
        count(estimates_[circuit].behind, true, waited, now);
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
