#include "beta/telemetry/counter_map.hpp"

#include <utility>

namespace beta::telemetry {

CounterMap::CounterMap(std::size_t capacity, std::uint64_t overflow_key)
    : capacity_(capacity), overflow_key_(overflow_key), slots_(16) {}

void CounterMap::add(std::uint64_t key, std::uint64_t count) {
    if (count == 0)
        return;
    auto at = find(key);
    if (slots_[at].count == 0) {
        if (size_ >= capacity_ && key != overflow_key_)
            return add(overflow_key_, count);
        if ((size_ + 1) * 2 > slots_.size()) {
            grow();
            at = find(key);
        }
        slots_[at].key = key;
        ++size_;
    }
    slots_[at].count += count;
}

std::uint64_t CounterMap::at(std::uint64_t key) const noexcept {
    return slots_[find(key)].count;
}

/// The slot of `key`, or the free one where it would go. Fibonacci hashing; the table is at most
/// half full.
std::size_t CounterMap::find(std::uint64_t key) const noexcept {
    const auto mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ull) >> 32) & mask;
    while (slots_[at].count != 0 && slots_[at].key != key)
        at = (at + 1) & mask;
    return at;
}

void CounterMap::grow() {
    const auto old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 2));
    for (const auto& slot : old) {
        if (slot.count != 0)
            slots_[find(slot.key)] = slot;
    }
}

}  // namespace beta::telemetry
