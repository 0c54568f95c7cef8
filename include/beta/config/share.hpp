// Share: what part of many is taken, from none to all.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace beta::config {

class Share {
  public:
    static constexpr std::uint32_t whole = 1'000'000;

    constexpr Share() = default;  // all of them
    /// A percentage with at most four decimals: "100%", "1%", "0.05%".
    static std::optional<Share> parse(std::string_view text) noexcept;

    constexpr std::uint32_t millionths() const noexcept { return millionths_; }
    constexpr bool is_all() const noexcept { return millionths_ == whole; }
    /// Of draws spread evenly over all 32 bits this share is taken. Whatever one share takes, a
    /// larger one takes too.
    constexpr bool takes(std::uint32_t draw) const noexcept {
        return (std::uint64_t{draw} * whole) >> 32 < millionths_;
    }

    bool operator==(const Share&) const = default;

  private:
    constexpr explicit Share(std::uint32_t millionths) : millionths_(millionths) {}

    std::uint32_t millionths_ = whole;
};

}  // namespace beta::config
