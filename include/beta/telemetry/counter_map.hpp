// CounterMap: counters by packed 64-bit key; open addressing over plain arrays, with a bound on the
// number of keys.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace beta::telemetry {

class CounterMap {
  public:
    /// Once `capacity` keys exist, a new key counts as `overflow_key`.
    CounterMap(std::size_t capacity, std::uint64_t overflow_key);

    void add(std::uint64_t key, std::uint64_t count = 1);
    std::uint64_t at(std::uint64_t key) const noexcept;
    std::size_t size() const noexcept { return size_; }

    template <class Visit>  // (key, count)
    void for_each(Visit visit) const {
        for (const auto& slot : slots_) {
            if (slot.count != 0)
                visit(slot.key, slot.count);
        }
    }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint64_t count = 0;  // 0: free. Counters never go back, so that a used slot stays used
    };

    std::size_t find(std::uint64_t key) const noexcept;
    void grow();

    std::size_t capacity_;
    std::uint64_t overflow_key_;
    std::size_t size_ = 0;
    std::vector<Slot> slots_;
};

}  // namespace beta::telemetry
