// StringTable and PairTable: the two look-ups of a compiled policy. Built once, then only read;
// a look-up allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

/// Without a seed: of names and values of the policy alone, which traffic cannot choose.
std::uint64_t hash(std::string_view text) noexcept;
std::uint64_t mix(std::uint64_t value) noexcept;

/// Gives each different string a number from 1, in the order of first sight.
class StringTable {
  public:
    std::uint32_t intern(std::string_view text);
    /// 0 when the string was never interned.
    std::uint32_t find(std::string_view text) const noexcept;

    std::size_t size() const noexcept { return places_.size(); }
    std::string_view view(std::uint32_t id) const noexcept;
    std::size_t bytes() const noexcept;

  private:
    struct Place {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;
    };
    struct Slot {
        std::uint32_t tag = 0;  // upper half of the hash: most mismatches end here
        std::uint32_t id = 0;   // 0: free
        Place place;
    };
    void grow();

    std::vector<Slot> slots_;  // a power of two, at most half full
    std::vector<Place> places_;
    std::string text_;
};

/// A 64-bit key to a number that is not 0.
class PairTable {
  public:
    /// The number stored at `key`, 0 when there is none.
    std::uint32_t find(std::uint64_t key) const noexcept;
    /// The number at `key`, for writing; 0 when it is new.
    std::uint32_t& at(std::uint64_t key);

    std::size_t bytes() const noexcept { return slots_.capacity() * sizeof(Slot); }

  private:
    struct Slot {
        std::uint64_t key = 0;
        std::uint32_t value = 0;
        bool taken = false;
    };
    Slot* probe(std::uint64_t key) noexcept;
    void grow();

    std::vector<Slot> slots_;
    std::size_t taken_ = 0;
};

constexpr std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) noexcept {
    return (static_cast<std::uint64_t>(high) << 32) | low;
}

}  // namespace beta::acl
