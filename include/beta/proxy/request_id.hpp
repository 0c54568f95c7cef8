// RequestIds: 128 random bits a request, enough to find one in a day of logs. Not a secret.
#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>

namespace beta::proxy {

using RequestId = std::array<char, 32>;

class RequestIds {
  public:
    RequestIds() : state_{seed(), seed()} {}

    RequestId next() noexcept {
        static constexpr std::string_view digits = "0123456789abcdef";
        RequestId id;
        for (std::size_t half = 0; half < 2; ++half) {
            std::uint64_t bits = draw();
            for (std::size_t i = 0; i < 16; ++i, bits >>= 4)
                id[half * 16 + i] = digits[bits & 15];
        }
        return id;
    }

  private:
    static std::uint64_t seed() {
        std::random_device device;
        return (std::uint64_t{device()} << 32) | device() | 1;
    }
    /// xoroshiro128+ (Blackman, Vigna): fast, and statistics are all that is asked of it.
    std::uint64_t draw() noexcept {
        const auto rotate = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
        const std::uint64_t first = state_[0];
        std::uint64_t second = state_[1];
        const std::uint64_t result = first + second;
        second ^= first;
        state_[0] = rotate(first, 24) ^ second ^ (second << 16);
        state_[1] = rotate(second, 37);
        return result;
    }
    std::array<std::uint64_t, 2> state_;
};

/// An id taken over from the local app: 1..128 of the characters ids are made of.
bool is_request_id(std::string_view text) noexcept;

}  // namespace beta::proxy
