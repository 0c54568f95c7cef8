// RequestFacts: what a request's headers say, in the numbers of one index.
#pragma once

#include "index.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace beta::acl {

/// Only values that some rule names are kept, each once: what is unknown of a header is one bit. So
/// the cost of a decision does not depend on how often a client repeats itself.
class RequestFacts {
  public:
    struct Fact {
        std::uint32_t number;
        std::uint32_t header;
        bool whole_line;  // of a line with commas: for denies alone
    };
    static constexpr std::size_t most = 64;

    /// False when the request has more values that rules name than can be kept.
    bool read(const Policy::Index& index, const HeaderLines& lines) noexcept;

    std::span<const Fact> all() const noexcept { return {facts_.data(), count_}; }
    /// Whether every condition of the rule holds.
    bool meet(const Policy::Index& index, const RuleFacts& rule) const noexcept;

  private:
    bool add_line(const Policy::Index& index, std::uint32_t header, std::string_view line) noexcept;
    bool add(Fact fact) noexcept;
    bool meet(const Policy::Index& index, const Condition& condition, bool allows) const noexcept;

    std::array<Fact, most> facts_;  // not cleared: most requests never look
    std::size_t count_ = 0;
    std::uint64_t present_ = 0;  // bit header - 1
    std::uint64_t spoiled_ = 0;  // has a value that no rule names
};

}  // namespace beta::acl
