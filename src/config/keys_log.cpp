#include "setters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace beta::config {
namespace {

std::string set_log_level(Draft& draft, Value value, const Key&) {
    constexpr std::array<std::pair<std::string_view, LogLevel>, 4> levels{
        {{"debug", LogLevel::debug},
         {"info", LogLevel::info},
         {"warn", LogLevel::warn},
         {"error", LogLevel::error}}};
    const auto level = std::ranges::find(levels, value.text, &decltype(levels)::value_type::first);
    if (level == levels.end())
        return but_found("must be debug, info, warn or error", value);
    draft.config.log.level = level->second;
    return {};
}

constexpr Key table[] = {
    {"log.level", set_log_level, {}},
    {"log.access", set_flag<&Config::log, &Log::access>, {}},
    {"log.queue_lines", set_count<&Config::log, &Log::queue_lines>, {16, 1'000'000}},
    {"audit.file", set_path_or_off<&Config::audit, &Audit::file>, {}},
    {"audit.key", set_path_or_off<&Config::audit, &Audit::key>, {}},
    {"audit.required", set_flag<&Config::audit, &Audit::required>, {}},
    {"audit.allowed", set_flag<&Config::audit, &Audit::allowed>, {}},
    {"audit.queue_records", set_count<&Config::audit, &Audit::queue_records>, {16, 1'000'000}},
};

}  // namespace

std::span<const Key> log_keys() noexcept {
    return table;
}

}  // namespace beta::config
