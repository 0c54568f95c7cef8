#include "beta/acl/limiter.hpp"

#include <algorithm>
#include <bit>

namespace beta::acl {
namespace {

constexpr std::size_t window = 64;             // slots in which a key may stand
constexpr std::int64_t changing = -1;          // the arrival of a slot whose key is being changed
constexpr std::int64_t grace = 1'000'000'000;  // workers read the clock once a batch

/// 0 marks a free slot.
std::uint64_t usable(std::uint64_t key) noexcept {
    return key == 0 ? ~0ull : key;
}

std::uint32_t remaining(const Limit& limit, std::int64_t arrival, std::int64_t now) noexcept {
    const std::int64_t interval = limit.interval.count();
    const std::int64_t room = now + interval * limit.burst - arrival;
    return room <= 0 ? 0 : static_cast<std::uint32_t>(room / interval);
}

}  // namespace

Limiter::Limiter(std::size_t keys) : slots_(std::bit_ceil(std::max(keys, window))) {}

Limiter::Slot* Limiter::find(std::uint64_t key) noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < window; ++i) {
        Slot& slot = slots_[(key + i) & mask];
        const std::uint64_t held = slot.key.load(std::memory_order_acquire);
        if (held == key)
            return &slot;
        if (held == 0)
            return nullptr;
    }
    return nullptr;
}

/// Rare: once for each key. Alone, so that no key stands twice.
Limiter::Slot* Limiter::insert(std::uint64_t key, std::int64_t now) noexcept {
    while (inserting_.test_and_set(std::memory_order_acquire)) {
    }
    Slot* slot = find(key);
    if (slot == nullptr)
        slot = claim(key, now);
    inserting_.clear(std::memory_order_release);
    return slot;
}

Limiter::Slot* Limiter::claim(std::uint64_t key, std::int64_t now) noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < window; ++i) {
        Slot& slot = slots_[(key + i) & mask];
        std::int64_t arrival = slot.arrival.load(std::memory_order_acquire);
        if (slot.key.load(std::memory_order_relaxed) != 0) {
            // Whoever takes from the old key meanwhile changes the arrival, or finds it changing.
            if (arrival + grace >= now || !slot.arrival.compare_exchange_strong(arrival, changing))
                continue;
        } else {
            slot.arrival.store(changing, std::memory_order_relaxed);
        }
        slot.key.store(key, std::memory_order_release);
        slot.arrival.store(now, std::memory_order_release);
        return &slot;
    }
    return nullptr;
}

Limiter::Answer Limiter::take(std::uint64_t key, const Limit& limit, Nanoseconds at) noexcept {
    const std::int64_t now = at.count();
    const std::int64_t interval = limit.interval.count();
    const std::int64_t tolerance = interval * (static_cast<std::int64_t>(limit.burst) - 1);
    key = usable(key);
    for (;;) {
        Slot* slot = find(key);
        if (slot == nullptr)
            slot = insert(key, now);
        if (slot == nullptr)
            return {.passes = false, .retry_after = std::chrono::seconds(1), .remaining = 0};
        std::int64_t arrival = slot->arrival.load(std::memory_order_acquire);
        if (arrival == changing || slot->key.load(std::memory_order_acquire) != key)
            continue;
        if (arrival - tolerance > now)
            return {.passes = false,
                    .retry_after = Nanoseconds(arrival - tolerance - now),
                    .remaining = 0};
        const std::int64_t next = std::max(arrival, now) + interval;
        if (slot->arrival.compare_exchange_strong(arrival, next))
            return {.passes = true, .retry_after = {}, .remaining = remaining(limit, next, now)};
    }
}

}  // namespace beta::acl
