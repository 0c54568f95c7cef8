#include "beta/telemetry/labels.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace beta::telemetry {
namespace {

constexpr std::string_view tor_results[] = {"ok",
                                            "desc_not_found",
                                            "desc_invalid",
                                            "intro_failed",
                                            "rend_failed",
                                            "auth_missing",
                                            "auth_wrong",
                                            "bad_address",
                                            "intro_timeout",
                                            "general",
                                            "ruleset",
                                            "unreachable",
                                            "refused",
                                            "ttl",
                                            "timeout",
                                            "socks_unreachable",
                                            "socks_garbage"};
static_assert(std::size(tor_results) == static_cast<std::size_t>(TorResult::count_));

constexpr std::string_view renewals[] = {"failed", "stalled", "slow", "scheduled"};
static_assert(std::size(renewals) == static_cast<std::size_t>(Renewal::count_));

constexpr std::string_view hedge_results[] = {"won", "lost", "failed", "over_budget"};
static_assert(std::size(hedge_results) == static_cast<std::size_t>(HedgeResult::count_));

constexpr std::string_view app_log_results[] = {"taken", "malformed", "too_many", "limited",
                                                "full"};
static_assert(std::size(app_log_results) == static_cast<std::size_t>(AppLogResult::count_));

constexpr std::string_view methods[] = {"_OTHER", "GET",     "HEAD",    "POST",  "PUT",
                                        "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
static_assert(std::size(methods) <= 16);

// https://www.iana.org/assignments/http-status-codes, and 499 for a client that had gone.
constexpr std::uint16_t registered[] = {
    100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301,
    302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
    410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 424, 425, 426, 428, 429,
    431, 451, 499, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511};
constexpr std::string_view classes[] = {"_OTHER", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr auto class_count = std::size(classes);
static_assert(class_count + std::size(registered) <= 128);

/// Index by status 0..599: a class, or a registered code after the classes.
constexpr auto code_indices = [] {
    std::array<std::uint8_t, 600> table{};
    for (std::size_t status = 100; status < table.size(); ++status)
        table[status] = static_cast<std::uint8_t>(status / 100);
    for (std::size_t i = 0; i < std::size(registered); ++i)
        table[registered[i]] = static_cast<std::uint8_t>(class_count + i);
    return table;
}();

constexpr auto code_digits = [] {
    std::array<std::array<char, 3>, std::size(registered)> text{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const unsigned code = registered[i];
        text[i] = {static_cast<char>('0' + code / 100), static_cast<char>('0' + code / 10 % 10),
                   static_cast<char>('0' + code % 10)};
    }
    return text;
}();

}  // namespace

std::string_view label(Listener listener) noexcept {
    switch (listener) {
        case Listener::egress:
            return "egress";
        case Listener::ingress:
            return "ingress";
        case Listener::admin:
            return "admin";
        case Listener::count_:
            break;
    }
    return "_OTHER";
}

std::string_view label(Renewal renewal) noexcept {
    return renewals[static_cast<std::size_t>(renewal)];
}

std::string_view label(HedgeResult result) noexcept {
    return hedge_results[static_cast<std::size_t>(result)];
}

std::string_view label(AppLogResult result) noexcept {
    return app_log_results[static_cast<std::size_t>(result)];
}

std::string_view label(TorResult result) noexcept {
    const auto index = static_cast<std::size_t>(result);
    return index < std::size(tor_results) ? tor_results[index] : "_OTHER";
}

std::uint8_t method_index(std::string_view method) noexcept {
    const auto* const found = std::find(std::begin(methods) + 1, std::end(methods), method);
    return found == std::end(methods) ? method_other
                                      : static_cast<std::uint8_t>(found - std::begin(methods));
}

std::string_view method_label(std::uint8_t index) noexcept {
    return methods[index < std::size(methods) ? index : method_other];
}

std::uint8_t code_index(std::uint16_t status) noexcept {
    return status < code_indices.size() ? code_indices[status] : code_other;
}

std::string_view code_label(std::uint8_t index) noexcept {
    if (index < class_count)
        return classes[index];
    const auto at = index - class_count;
    return at < code_digits.size() ? std::string_view(code_digits[at].data(), 3) : classes[0];
}

}  // namespace beta::telemetry
