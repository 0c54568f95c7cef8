#include "beta/telemetry/sampling.hpp"

#include <algorithm>

namespace beta::telemetry {
namespace {

bool has_failed(const Record& record) noexcept {
    constexpr std::uint16_t server_error = 500;
    return record.failure != model::Failure::none || record.status >= server_error;
}

}  // namespace

/// FNV-1a, and a last mix because its upper bits alone are poor for short ids.
std::uint32_t draw_of(std::string_view id) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : id)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93;
    return static_cast<std::uint32_t>((hash ^ hash >> 32) >> 16);
}

std::optional<config::Share> Sampling::takes(const Record& record) const noexcept {
    if (!all_ && !record.is_refused())
        return std::nullopt;
    const auto& share = share_of(record);
    if (share.is_all())
        return share;
    const auto id = record.caller_id.empty() ? record.request_id : record.caller_id;
    return share.takes(draw_of(id)) ? std::optional(share) : std::nullopt;
}

const config::Share& Sampling::share_of(const Record& record) const noexcept {
    const bool refused = record.is_refused();
    if (!refused && has_failed(record))
        return sample_.failed;
    if (record.decided) {
        const auto& rules = sample_.rules;
        const auto rule = std::ranges::find(rules, record.rule, &config::Sample::Rule::name);
        if (rule != rules.end())
            return rule->share;
    }
    return refused ? sample_.denied : sample_.ok;
}

}  // namespace beta::telemetry
