#include "beta/telemetry/name_table.hpp"

#include <functional>

namespace beta::telemetry {
namespace {

std::size_t guess_slot(const char* data, std::size_t count) noexcept {
    // Names are at least pointer-aligned apart more often than not; the low bits still tell views
    // of one text apart.
    const auto bits = reinterpret_cast<std::uintptr_t>(data);
    return static_cast<std::size_t>((bits ^ (bits >> 6) ^ (bits >> 12)) % count);
}

}  // namespace

NameTable::NameTable(std::uint32_t capacity) : capacity_(capacity) {
    add("_unknown");
    add("_OTHER");
}

std::uint32_t NameTable::id(std::string_view text) {
    if (text.empty())
        return unknown;
    auto& guess = guesses_[guess_slot(text.data(), guesses_.size())];
    if (guess.data == text.data() && name(guess.id) == text)
        return guess.id;
    guess = {text.data(), find_or_add(text)};
    return guess.id;
}

std::string_view NameTable::name(std::uint32_t id) const noexcept {
    const auto span = names_[id < names_.size() ? id : overflow];
    return std::string_view(bytes_).substr(span.offset, span.length);
}

std::uint32_t NameTable::find_or_add(std::string_view text) {
    const auto mask = slots_.size() - 1;
    for (auto at = std::hash<std::string_view>{}(text)&mask; slots_[at] != 0;
         at = (at + 1) & mask) {
        if (name(slots_[at] - 1) == text)
            return slots_[at] - 1;
    }
    return names_.size() < capacity_ ? add(text) : overflow;
}

std::uint32_t NameTable::add(std::string_view text) {
    const auto id = size();
    names_.push_back(
        {static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())});
    bytes_ += text;
    rehash(names_.size() * 2 > slots_.size() ? (slots_.empty() ? 32 : slots_.size() * 2)
                                             : slots_.size());
    return id;
}

/// Names are added while configuration is new, then never again: a plain rebuild is fast enough.
void NameTable::rehash(std::size_t slots) {
    const bool grown = slots != slots_.size();
    if (grown)
        slots_.assign(slots, 0);
    const auto mask = slots - 1;
    for (std::uint32_t i = grown ? 0 : size() - 1; i < size(); ++i) {
        auto at = std::hash<std::string_view>{}(name(i))&mask;
        while (slots_[at] != 0)
            at = (at + 1) & mask;
        slots_[at] = i + 1;
    }
}

}  // namespace beta::telemetry
