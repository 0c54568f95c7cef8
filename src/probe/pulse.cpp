#include "beta/probe/pulse.hpp"

#include <algorithm>
#include <utility>

namespace beta::probe {
namespace {

using model::Failure;

/// What callers get who have an old descriptor, or none; tor may take its time to say so.
bool says_stale(const Result& result) noexcept {
    return result.failure == Failure::descriptor_not_found ||
           result.failure == Failure::introduction_failed ||
           result.failure == Failure::introduction_timeout ||
           (result.failure == Failure::connect_timeout && result.took >= Patience::most / 2);
}

bool is_timeout(Failure failure) noexcept {
    return failure == Failure::connect_timeout || failure == Failure::upstream_timeout;
}

}  // namespace

/// RFC 6298 §2.2 and §2.3: mean + 4 deviations, with the gains 1/8 and 1/4.
void Patience::took(Duration time) noexcept {
    if (!mean_) {
        mean_ = time;
        deviation_ = time / 2;
    } else {
        const auto off = time > *mean_ ? time - *mean_ : *mean_ - time;
        deviation_ = (3 * deviation_ + off) / 4;
        mean_ = (7 * *mean_ + time) / 8;
    }
    limit_ = std::clamp(*mean_ + 4 * deviation_, least, most);
}

void Patience::ran_out() noexcept {
    limit_ = std::min(2 * limit_, most);
}

Pulse::Duration Pulse::next(double chance) const noexcept {
    const auto whole = static_cast<double>(every_.count());
    return Duration{static_cast<Duration::rep>(whole * (0.5 + chance))};
}

bool Pulse::heard(const Result& result, Time now) noexcept {
    last_ = result;
    note_callers(result.callers);
    if (result.failure == Failure::none) {
        patience_.took(result.took);
        latency_ = result.took;
        failures_ = stale_ = 0;
        pause_ = {};
        healed_.reset();
        return false;
    }
    if (is_timeout(result.failure))
        patience_.ran_out();
    ++failures_;
    if (says_stale(result))
        ++stale_;
    else if (result.failure != Failure::connect_timeout)  // that says nothing yet
        stale_ = 0;
    const auto enough = others_came_ ? patience_while_others_come : patience_with_a_descriptor;
    return stale_ >= enough && (!healed_ || now - *healed_ >= pause_);
}

void Pulse::note_callers(std::uint64_t callers) noexcept {
    const bool came = callers != std::exchange(callers_, callers);
    others_came_ = stale_ > 0 && (others_came_ || came);
}

void Pulse::healed(Time now) noexcept {
    healed_ = now;
    pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
}

std::string Pulse::words() const {
    if (!last_)
        return "not tried yet";
    if (succeeds())
        return "reached in " + std::to_string(last_->took.count()) + " ms";
    return "degraded: not reached " + std::to_string(failures_) +
           (failures_ == 1 ? " time: " : " times in a row: ") +
           (is_timeout(last_->failure)
                ? "no answer within " + std::to_string(last_->took.count()) + " ms"
                : std::string(model::facts(last_->failure).sentence));
}

}  // namespace beta::probe
