// Labels: the fixed sets that metric labels are taken from, and their small numbers.
#pragma once

#include <cstdint>
#include <string_view>

namespace beta::telemetry {

enum class Listener : std::uint8_t { egress, ingress, admin, count_ };
std::string_view label(Listener listener) noexcept;

/// Outcome of one connect through tor's SOCKS port.
enum class TorResult : std::uint8_t {
    ok,
    desc_not_found,
    desc_invalid,
    intro_failed,
    rend_failed,
    auth_missing,
    auth_wrong,
    bad_address,
    intro_timeout,
    general,
    ruleset,
    unreachable,
    refused,
    ttl,
    timeout,
    socks_unreachable,
    socks_garbage,
    count_
};
std::string_view label(TorResult result) noexcept;

/// Why a circuit to a destination was left for another one.
enum class Renewal : std::uint8_t { failed, stalled, slow, scheduled, count_ };
std::string_view label(Renewal renewal) noexcept;

/// What became of the second copy of a request.
enum class HedgeResult : std::uint8_t { won, lost, failed, over_budget, count_ };
std::string_view label(HedgeResult result) noexcept;

/// What became of lines that the app sent for the log.
enum class AppLogResult : std::uint8_t { taken, malformed, too_many, limited, full, count_ };
std::string_view label(AppLogResult result) noexcept;

/// Of a destination: whether it is left alone. In metrics by its number, and the worst counts.
enum class BreakerState : std::uint8_t { closed, half_open, open };

/// Methods of RFC 9110 and RFC 5789, by their exact spelling; everything else is "_OTHER". Fits
/// four bits.
std::uint8_t method_index(std::string_view method) noexcept;
std::string_view method_label(std::uint8_t index) noexcept;

/// Registered status codes (IANA) and 499; others are "1xx" to "5xx", or "_OTHER". Fits seven bits.
std::uint8_t code_index(std::uint16_t status) noexcept;
std::string_view code_label(std::uint8_t index) noexcept;

inline constexpr std::uint8_t method_other = 0;
inline constexpr std::uint8_t code_other = 0;

}  // namespace beta::telemetry
