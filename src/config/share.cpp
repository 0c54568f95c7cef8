#include "beta/config/share.hpp"

namespace beta::config {

std::optional<Share> Share::parse(std::string_view text) noexcept {
    constexpr std::uint32_t percent = whole / 100;
    if (!text.ends_with('%'))
        return std::nullopt;
    text.remove_suffix(1);
    const auto point = text.find('.');
    const auto units = text.substr(0, point);
    const auto decimals = point == text.npos ? std::string_view("0") : text.substr(point + 1);
    if (units.empty() || units.size() > 3 || (units.front() == '0' && units.size() > 1) ||
        decimals.empty() || decimals.size() > 4)
        return std::nullopt;
    std::uint32_t sum = 0;
    std::uint32_t worth = percent;
    for (const char c : decimals) {
        if (c < '0' || c > '9')
            return std::nullopt;
        worth /= 10;
        sum += worth * static_cast<std::uint32_t>(c - '0');
    }
    std::uint32_t number = 0;
    for (const char c : units) {
        if (c < '0' || c > '9')
            return std::nullopt;
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    sum += number * percent;
    if (sum > whole)
        return std::nullopt;
    return Share(sum);
}

}  // namespace beta::config
