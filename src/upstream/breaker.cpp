#include "beta/upstream/breaker.hpp"

#include <algorithm>

namespace beta::upstream {
namespace {

constexpr std::uint32_t most_doublings = 5;  // 32 s of one: what comes back is seen soon enough
constexpr Breaker::Time::rep parts = 1024;   // of a quarter, by which the time is cut short

}  // namespace

/// A trial of which nothing was heard for as long as one can take is none.
bool Breaker::admits(Time now) {
    if (state_ == State::closed)
        return true;
    if (now < until_)
        return false;
    state_ = State::half_open;
    since_ = now;
    until_ = now + limits_.trial;
    return true;
}

void Breaker::reached(Time now) {
    state_ = State::closed;
    failures_ = openings_ = 0;
    since_ = now;
}

void Breaker::failed(Time began, Time now, std::uint32_t random) {
    if (limits_.failures == 0 || state_ == State::open || began < since_)
        return;
    if (state_ == State::half_open || ++failures_ >= limits_.failures)
        open(now, random);
}

void Breaker::untold(Time now) {
    if (state_ != State::half_open)
        return;
    state_ = State::open;
    until_ = now;
}

void Breaker::open(Time now, std::uint32_t random) {
    state_ = State::open;
    since_ = now;
    const Time whole = limits_.time * (Time::rep{1} << std::min(openings_++, most_doublings));
    until_ = now + whole - whole / 4 * (random % parts) / parts;
}

}  // namespace beta::upstream
