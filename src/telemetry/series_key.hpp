// SeriesKey: the labels of one series as small numbers, packed into 64 bits.
#pragma once

#include "beta/acl/decision.hpp"

#include <cstdint>

namespace beta::telemetry {

enum class VerdictLabel : std::uint8_t { none, allow, deny };

struct RequestKey {
    acl::Direction direction;
    VerdictLabel verdict;
    std::uint8_t method;                // 4 bits
    std::uint8_t code;                  // 7 bits
    std::uint32_t plane;                // 8 bits, as the tables' capacities have it
    std::uint32_t source, destination;  // 16 bits each

    std::uint64_t pack() const noexcept {
        return static_cast<std::uint64_t>(source) | static_cast<std::uint64_t>(destination) << 16 |
               static_cast<std::uint64_t>(plane) << 32 | static_cast<std::uint64_t>(code) << 40 |
               static_cast<std::uint64_t>(method) << 48 |
               static_cast<std::uint64_t>(verdict) << 52 |
               static_cast<std::uint64_t>(direction) << 54;
    }
    static RequestKey unpack(std::uint64_t bits) noexcept {
        return {.direction = static_cast<acl::Direction>(bits >> 54 & 1),
                .verdict = static_cast<VerdictLabel>(bits >> 52 & 3),
                .method = static_cast<std::uint8_t>(bits >> 48 & 0xF),
                .code = static_cast<std::uint8_t>(bits >> 40 & 0x7F),
                .plane = static_cast<std::uint32_t>(bits >> 32 & 0xFF),
                .source = static_cast<std::uint32_t>(bits & 0xFFFF),
                .destination = static_cast<std::uint32_t>(bits >> 16 & 0xFFFF)};
    }
};

struct ViolationKey {
    acl::Direction direction;
    bool enforced;
    bool limited;
    std::uint32_t plane;                      // 8 bits
    std::uint32_t source, destination, rule;  // 16 bits each

    std::uint64_t pack() const noexcept {
        return static_cast<std::uint64_t>(source) | static_cast<std::uint64_t>(destination) << 16 |
               static_cast<std::uint64_t>(rule) << 32 | static_cast<std::uint64_t>(plane) << 48 |
               static_cast<std::uint64_t>(direction) << 56 |
               static_cast<std::uint64_t>(enforced) << 57 |
               static_cast<std::uint64_t>(limited) << 58;
    }
    static ViolationKey unpack(std::uint64_t bits) noexcept {
        return {.direction = static_cast<acl::Direction>(bits >> 56 & 1),
                .enforced = (bits >> 57 & 1) != 0,
                .limited = (bits >> 58 & 1) != 0,
                .plane = static_cast<std::uint32_t>(bits >> 48 & 0xFF),
                .source = static_cast<std::uint32_t>(bits & 0xFFFF),
                .destination = static_cast<std::uint32_t>(bits >> 16 & 0xFFFF),
                .rule = static_cast<std::uint32_t>(bits >> 32 & 0xFFFF)};
    }
};

}  // namespace beta::telemetry
