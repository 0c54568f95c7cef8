#include "beta/upstream/circuits.hpp"

#include "beta/upstream/retry.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace beta::upstream {
namespace {

using std::chrono::duration_cast;

constexpr std::chrono::seconds memory{10};    // of a slow answer, beside better ones
constexpr std::chrono::minutes forgiving{1};  // of a slow circuit; then it is tried again
constexpr std::chrono::minutes patience{10};  // what the destination itself is slow at comes again
constexpr int averaged = 8;                   // answers, about, that the usual one is of
constexpr int stalled_times = 4;              // as slow as the slowest answer of late

/// Between two slow circuits that are replaced: each costs tor and its network a dozen relays'
/// work, and the other circuits serve meanwhile.
constexpr std::chrono::seconds replace_pause{10};

std::size_t count(const PoolContext& pool, const Route& route) {
    const auto& limits = pool.limits;
    if (!route.through_tor)
        return 1;
    return std::clamp<std::size_t>(
        std::min({limits.upstream_connections, limits.upstream_idle, Picker::most}), 1,
        pool.upstream.circuits);
}

bool is_warm(const Circuit* circuit) {
    return circuit != nullptr && circuit->slot().idle() + circuit->slot().busy() > 0;
}

}  // namespace

Circuits::Circuits(PoolState& pool, Route route)
    : pool_(pool),
      route_(std::move(route)),
      circuits_(count(pool, route_)),
      picker_(circuits_.size(), memory, forgiving),
      patience_(1, patience, patience),
      hedging_(pool.upstream.hedge),
      breaker_({.failures = pool.upstream.breaker_failures,
                .time = pool.upstream.breaker_time,
                .trial = pool.limits.connect_time}),
      jitter_(std::hash<std::string>()(route_.name)) {
    if (route_.through_tor)
        pool_.shard.breaker(route_.name, telemetry::BreakerState::closed);
}

void Circuits::renew(Route route) {
    route_ = std::move(route);
    for (const auto& circuit : circuits_) {
        if (circuit)
            circuit->adopt(route_);
    }
}

Picker::Time Circuits::time_of(Circuit::Time moment) const noexcept {
    return duration_cast<Picker::Time>(moment - pool_.began);
}

void Circuits::borrow(Borrower& borrower, const Circuit* but) {
    if (is_left_alone() && !admits())
        return borrower.refused(last_failure_);
    const std::size_t chosen = choose(but);
    for (std::size_t i = 0; i < circuits_.size(); ++i) {  // another may have room
        if (at((chosen + i) % circuits_.size()).borrow(borrower))
            return;
    }
    borrower.refused(model::Failure::pool_exhausted);
}

/// What is open may always be used. Should it have died unseen, this request's connect is one trial
/// more.
bool Circuits::admits() {
    if (streams().idle > 0)
        return true;
    const bool admitted = breaker_.admits(now());
    show_breaker();
    return admitted;
}

/// On the way of every answer.
void Circuits::reached() {
    if (!route_.through_tor)
        return;
    breaker_.reached(now());
    show_breaker();
}

/// What no circuit can help costs one connect, and is mended by hand: its first success should be
/// seen at once. And that tor itself is away says nothing of the destination.
void Circuits::connect_failed(model::Failure failure, Circuit::Time began) {
    if (!route_.through_tor)
        return;
    if (helped_by_a_fresh_circuit(failure)) {
        last_failure_ = failure;
        breaker_.failed(time_of(began), now(), static_cast<std::uint32_t>(pool_.random()));
    } else {
        breaker_.untold(now());
    }
    show_breaker();
}

void Circuits::show_breaker() {
    const auto state = breaker_.state();
    const auto before = std::exchange(shown_breaker_, state);
    if (state == before)
        return;
    pool_.shard.breaker(route_.name, static_cast<telemetry::BreakerState>(state));
    const auto why = model::facts(last_failure_).name;
    if (before == Breaker::State::closed)
        pool_.events.warn("no connect to a destination succeeds: it is left alone for a while",
                          {{"destination", route_.name}, {"error", why}});
    else if (state == Breaker::State::closed)
        pool_.events.info("a destination that was left alone is reached again",
                          {{"destination", route_.name}});
}

std::size_t Circuits::choose(const Circuit* but) {
    std::array<Picker::Candidate, Picker::most> candidates{};
    bool any = false;
    for (std::size_t i = 0; i < circuits_.size(); ++i) {
        const auto* const circuit = circuits_[i].get();
        if (circuit == but || !is_warm(circuit) || !circuit->slot().has_room())
            continue;
        const Slot& slot = circuit->slot();
        candidates[i] = {.usable = true,
                         .outstanding = slot.busy() + slot.waiting(),
                         .connects = slot.idle() == 0};
        any = true;
    }
    if (!any)
        return coldest(but);
    const auto chosen = picker_.pick(std::span(candidates).first(circuits_.size()), now(),
                                     static_cast<std::uint32_t>(pool_.random()));
    if (candidates[chosen].outstanding > 0 || candidates[chosen].connects)
        warm_another();
    return chosen;
}

/// The one that fewest wait for: who comes together does not depend on one circuit's coming.
std::size_t Circuits::coldest(const Circuit* but) const {
    constexpr std::size_t full = 1uz << 32, excluded = 1uz << 33;
    const auto reluctance = [&](const std::unique_ptr<Circuit>& circuit) {
        if (!circuit)
            return 0uz;
        const Slot& slot = circuit->slot();
        return slot.waiting() + slot.busy() + (slot.has_room() ? 0 : full) +
               (circuit.get() == but ? excluded : 0);
    };
    const auto best = std::ranges::min_element(circuits_, {}, reluctance);
    return static_cast<std::size_t>(best - circuits_.begin());
}

/// One at a time, and nobody waits for it.
void Circuits::warm_another() {
    Circuit* cold = nullptr;
    for (std::size_t i = 0; i < circuits_.size() && cold == nullptr; ++i) {
        if (is_warm(circuits_[i].get()))
            continue;
        cold = &at(i);
        if (cold->slot().connecting() > 0)
            return;
    }
    if (cold != nullptr)
        cold->warm();
}

Circuit& Circuits::at(std::size_t number) {
    auto& circuit = circuits_[number];
    if (!circuit)
        circuit = std::make_unique<Circuit>(pool_, *this, route_,
                                            static_cast<std::uint32_t>(number), share(number));
    return *circuit;
}

/// The limits are the destination's, but for idle streams: as the load moves between circuits each
/// comes to need as many as the destination does, and with a part of them it would close and
/// connect without end.
SlotLimits Circuits::share(std::size_t number) const noexcept {
    const auto part = [&](std::size_t whole) {
        return whole / circuits_.size() + (number < whole % circuits_.size() ? 1 : 0);
    };
    const auto& limits = pool_.limits;
    return {.connections = part(limits.upstream_connections),
            .idle = limits.upstream_idle,
            .waiting = part(limits.upstream_waiting),
            .idle_time = static_cast<Tick>(limits.upstream_idle_time / runtime::TimerWheel::tick)};
}

std::optional<std::chrono::milliseconds> Circuits::hedge_after() {
    if (circuits_.size() == 1)
        return std::nullopt;
    return hedging_.after();
}

bool Circuits::hedge(const Circuit& slow, Borrower& borrower) {
    if (!hedging_.take())
        return false;
    borrow_elsewhere(borrower, slow);
    return true;
}

void Circuits::tick() {
    for (const auto& circuit : circuits_) {
        if (circuit)
            circuit->tick();
    }
    if (!route_.through_tor)
        return;
    share_out_waiters();
    replace_slow();
    const auto open = static_cast<std::int64_t>(warm());
    if (open != shown_)
        pool_.shard.circuits(route_.name, shown_ = open);
}

/// Whoever waits for the end of a request need not wait for that one: it may be on a circuit that
/// has stalled.
void Circuits::share_out_waiters() {
    for (const auto& circuit : circuits_) {
        const auto other_has_room = [&] {
            return std::ranges::any_of(circuits_, [&](const auto& other) {
                return other != circuit && (!other || other->slot().has_room());
            });
        };
        for (auto left = circuit ? circuit->slot().waiting() : 0;
             left > 0 && circuit->slot().keeps_waiting() && other_has_room(); --left)
            borrow_elsewhere(circuit->take_first_waiter(), *circuit);
    }
}

/// One at a time, and nobody waits for it: what it has serves until the new one has a stream.
void Circuits::replace_slow() {
    const auto begins = [](const auto& each) { return each && each->begins(); };
    if (now() < replace_from_ || std::ranges::any_of(circuits_, begins))
        return;
    for (std::size_t i = 0; i < circuits_.size(); ++i) {
        if (is_warm(circuits_[i].get()) && picker_.left_behind(i))
            return replace(i);
    }
    if (circuits_.size() == 1 || warm() < circuits_.size())
        return;
    if (picker_.all_were_better(Picker::Sure::yes))
        replace(picker_.slowest());
}

void Circuits::replace(std::size_t circuit) {
    replace_from_ = now() + replace_pause;
    circuits_[circuit]->replace();
}

void Circuits::evict_idle() {
    for (const auto& circuit : circuits_) {
        if (circuit)
            circuit->evict_idle();
    }
}

Circuits::Streams Circuits::streams() const {
    Streams sum;
    for (const auto& circuit : circuits_) {
        if (!circuit)
            continue;
        sum.idle += circuit->slot().idle();
        sum.busy += circuit->slot().busy();
    }
    return sum;
}

std::size_t Circuits::warm() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(circuits_, [](const auto& each) { return is_warm(each.get()); }));
}

Seen Circuits::seen() const {
    const auto [idle, busy] = streams();
    Seen now_seen{.name = route_.name,
                  .circuits = warm(),
                  .idle = idle,
                  .busy = busy,
                  .left_alone = is_left_alone(),
                  .usual = {},
                  .slowest = {}};
    if (usual_ > usual_.zero())
        now_seen.usual = usual_;
    if (patience_.known(0))
        now_seen.slowest = patience_.estimate(0, now());
    return now_seen;
}

void Circuits::answered(std::uint32_t circuit, Duration latency, bool by_this_epoch) {
    const auto took = std::max(duration_cast<Picker::Time>(latency), Picker::Time(1));
    usual_ = usual_ == usual_.zero() ? took : usual_ + (took - usual_) / averaged;
    reached();
    patience_.answered(0, took, now());
    if (by_this_epoch)
        picker_.answered(circuit, took, now());
    if (!picker_.is_behind(circuit))
        hedging_.answered(took);  // a slow way is not what its copy would have to wait for
    warm_a_better(circuit);
}

void Circuits::unanswered(std::uint32_t circuit, Duration waited) {
    picker_.unanswered(circuit, duration_cast<Picker::Time>(waited), now());
    warm_a_better(circuit);
}

/// Where all have turned slow, as a lone one has at once, a fresh one may be better.
void Circuits::warm_a_better(std::size_t than) {
    if (circuits_.size() > 1 && picker_.is_behind(than) &&
        picker_.all_were_better(Picker::Sure::no))
        warm_another();
}

Circuits::Duration Circuits::stall_time() const {
    return std::max<Duration>(pool_.limits.circuit_stall_time,
                              patience_.estimate(0, now()) * stalled_times);
}

/// The first turn lasts at least half as long as the others: what has just begun is not changed.
std::uint64_t Circuits::turn(std::uint32_t circuit) const {
    const auto every = pool_.upstream.rotate_circuits;
    const auto spread = static_cast<std::uint64_t>(every.count() / 2) + 1;
    const std::chrono::milliseconds ahead((jitter_ + circuit * 0x9e3779b9ULL) % spread);
    return static_cast<std::uint64_t>((pool_.worker.now() - pool_.began + ahead) / every);
}

}  // namespace beta::upstream
