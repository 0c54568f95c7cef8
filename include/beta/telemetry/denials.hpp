// Denials: what one worker denied last, for a person to look at; a bounded ring.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/telemetry/record.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace beta::telemetry {

/// One denied request: its own copies, cut short, and no onion address in it.
struct Denial {
    std::chrono::system_clock::time_point time;
    acl::Direction direction = acl::Direction::egress;
    std::string source;  // service; empty when only its plane is known
    std::string source_plane;
    std::string destination;
    std::string destination_plane;
    std::string method;
    std::string path;  // without query
    std::string rule;
    std::uint16_t status = 0;
    bool enforced = true;  // false: mode report let it pass
    bool limited = false;  // by the rule's limit
};

/// Costs nothing until something is denied. One worker only.
class Denials {
  public:
    static constexpr std::size_t most = 50;         // more is what the access log is for
    static constexpr std::size_t path_bytes = 160;  // enough to know it again
    static constexpr std::size_t word_bytes = 64;   // of names and methods, and of rules

    /// 0 keeps nothing.
    explicit Denials(std::size_t capacity = most) : capacity_(capacity) {}

    /// Of a record that is no denial: nothing.
    void note(const Record& record, std::chrono::system_clock::time_point now);
    /// In no order.
    const std::vector<Denial>& latest() const noexcept { return ring_; }

  private:
    std::size_t capacity_;
    std::size_t next_ = 0;
    std::vector<Denial> ring_;
};

}  // namespace beta::telemetry
