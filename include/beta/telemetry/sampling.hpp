// Sampling: which finished requests have a line in the access log, and for what part of them each
// line speaks.
#pragma once

#include "beta/config/config.hpp"
#include "beta/telemetry/record.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace beta::telemetry {

/// Thirty-two bits that are the same wherever the id is the same, and spread evenly.
std::uint32_t draw_of(std::string_view id) noexcept;

class Sampling {
  public:
    explicit Sampling(const config::Log& log) : sample_(log.sample), all_(log.access) {}

    /// When this request has a line: the share of such requests that have one. By the id that the
    /// caller's sidecar gave it, so that both ends of a call agree: of two shares, what the smaller
    /// one takes the larger one takes too. Whoever chooses ids can choose among those that are
    /// taken, but what is denied or failed has shares of its own.
    std::optional<config::Share> takes(const Record& record) const noexcept;

  private:
    const config::Share& share_of(const Record& record) const noexcept;

    config::Sample sample_;
    bool all_;  // not only what was refused
};

}  // namespace beta::telemetry
