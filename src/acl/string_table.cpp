#include "string_table.hpp"

#include <cstring>

namespace beta::acl {
namespace {

/// Fixed, without a seed: what stands in the tables comes from the policy alone, so traffic can
/// look up but never crowd them.
constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15;
constexpr std::size_t first_size = 16;

std::uint64_t word(const char* at) noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, at, 8);
    return value;
}

/// The last bytes, at most eight of them; of a longer text the last eight, read a second time.
std::uint64_t last_word(std::string_view text, const char* at, std::size_t left) noexcept {
    if (text.size() >= 8)
        return word(at + left - 8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < left; ++i)
        value = value << 8 | static_cast<unsigned char>(at[i]);
    return value;
}

/// Names are short: a call of memcmp costs more than they do.
bool same(const char* a, const char* b, std::size_t size) noexcept {
    if (size < 8) {
        while (size > 0 && a[size - 1] == b[size - 1])
            --size;
        return size == 0;
    }
    for (; size > 8; size -= 8, a += 8, b += 8)
        if (word(a) != word(b))
            return false;
    return word(a + size - 8) == word(b + size - 8);
}

}  // namespace

std::uint64_t mix(std::uint64_t value) noexcept {
    value ^= value >> 32;
    value *= multiplier;
    return value ^ (value >> 29);
}

std::uint64_t hash(std::string_view text) noexcept {
    std::uint64_t value = text.size();
    const char* at = text.data();
    std::size_t left = text.size();
    for (; left > 8; left -= 8, at += 8)
        value = mix(value ^ word(at));
    return mix(mix(value ^ last_word(text, at, left)));
}

std::string_view StringTable::view(std::uint32_t id) const noexcept {
    const Place& place = places_[id - 1];
    return std::string_view(text_).substr(place.begin, place.size);
}

std::size_t StringTable::bytes() const noexcept {
    return slots_.capacity() * sizeof(Slot) + places_.capacity() * sizeof(Place) + text_.capacity();
}

std::uint32_t StringTable::find(std::string_view text) const noexcept {
    if (slots_.empty())
        return 0;
    const std::uint64_t hashed = hash(text);
    const auto tag = static_cast<std::uint32_t>(hashed >> 32);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hashed & mask; slots_[i].id != 0; i = (i + 1) & mask) {
        const Slot& slot = slots_[i];
        if (slot.tag == tag && slot.place.size == text.size() &&
            same(text_.data() + slot.place.begin, text.data(), text.size()))
            return slot.id;
    }
    return 0;
}

std::uint32_t StringTable::intern(std::string_view text) {
    if (const std::uint32_t known = find(text); known != 0)
        return known;
    places_.push_back({.begin = static_cast<std::uint32_t>(text_.size()),
                       .size = static_cast<std::uint32_t>(text.size())});
    text_ += text;
    grow();
    return static_cast<std::uint32_t>(places_.size());
}

/// Puts the newest string into the slots; all of them again when they must double.
void StringTable::grow() {
    std::size_t first = places_.size();
    if (places_.size() * 2 > slots_.size()) {
        slots_.assign(slots_.empty() ? first_size : slots_.size() * 2, Slot{});
        first = 1;
    }
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t id = first; id <= places_.size(); ++id) {
        const std::uint64_t hashed = hash(view(static_cast<std::uint32_t>(id)));
        std::size_t i = hashed & mask;
        while (slots_[i].id != 0)
            i = (i + 1) & mask;
        slots_[i] = {.tag = static_cast<std::uint32_t>(hashed >> 32),
                     .id = static_cast<std::uint32_t>(id),
                     .place = places_[id - 1]};
    }
}

std::uint32_t PairTable::find(std::uint64_t key) const noexcept {
    if (slots_.empty())
        return 0;
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = mix(key) & mask; slots_[i].taken; i = (i + 1) & mask)
        if (slots_[i].key == key)
            return slots_[i].value;
    return 0;
}

PairTable::Slot* PairTable::probe(std::uint64_t key) noexcept {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = mix(key) & mask;
    while (slots_[i].taken && slots_[i].key != key)
        i = (i + 1) & mask;
    return &slots_[i];
}

std::uint32_t& PairTable::at(std::uint64_t key) {
    if ((taken_ + 1) * 2 > slots_.size())
        grow();
    Slot* slot = probe(key);
    if (!slot->taken) {
        *slot = {.key = key, .value = 0, .taken = true};
        ++taken_;
    }
    return slot->value;
}

void PairTable::grow() {
    std::vector<Slot> old(slots_.empty() ? first_size : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
        if (slot.taken)
            *probe(slot.key) = slot;
}

}  // namespace beta::acl
