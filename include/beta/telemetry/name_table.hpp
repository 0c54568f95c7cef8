// NameTable: configured names (services, planes, rules) to small integers and back, without
// allocation for known ones.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beta::telemetry {

/// Plain arrays only, so that copying a table is a handful of memcpy. One worker only.
class NameTable {
  public:
    static constexpr std::uint32_t unknown = 0;   // the empty name: "_unknown"
    static constexpr std::uint32_t overflow = 1;  // what came after the table was full: "_OTHER"

    /// `capacity` names at most, the two above included.
    explicit NameTable(std::uint32_t capacity);

    /// The same number for the same name, always; `overflow` for a new name when the table is full.
    std::uint32_t id(std::string_view name);
    std::string_view name(std::uint32_t id) const noexcept;
    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(names_.size()); }

  private:
    struct Span {
        std::uint32_t offset;
        std::uint32_t length;
    };
    /// Names come from long-lived configuration: the address they were last seen at is a good
    /// guess, checked by comparing the bytes (a reload may put another name there).
    struct Guess {
        const char* data = nullptr;
        std::uint32_t id = 0;
    };

    std::uint32_t find_or_add(std::string_view name);
    std::uint32_t add(std::string_view name);
    void rehash(std::size_t slots);

    std::uint32_t capacity_;
    std::string bytes_;
    std::vector<Span> names_;
    std::vector<std::uint32_t> slots_;  // open addressing; id + 1, 0 is free
    std::array<Guess, 64> guesses_{};
};

}  // namespace beta::telemetry
