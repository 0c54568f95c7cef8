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

std::string set_log_format(Draft& draft, Value value, const Key&) {
    const bool is_text = value.text == "text";
    if (!is_text && value.text != "json")
        return but_found("must be json or text", value);
    draft.config.log.format = is_text ? LogFormat::text : LogFormat::json;
    return {};
}

Reading<Share> read_share(Value value) {
    if (const auto share = Share::parse(value.text))
        return *share;
    return std::unexpected(but_found("must be a share from 0% to 100%, as in 5% or 0.01%", value));
}

template <auto... Members>
std::string set_share(Draft& draft, Value value, const Key&) {
    return store(target<Members...>(draft), read_share(value));
}

/// The variable's form: "health=0.1%,gateway-pays=5%", or nothing at all for none.
std::string set_sample_rules(Draft& draft, Value value, const Key&) {
    draft.config.log.sample.rules.clear();
    if (value.text.empty())
        return {};
    return read_pairs(value, "must be rule=share, more of them after commas",
                      [&](std::string_view rule, std::string_view share) {
                          return add_sample_rule(draft, rule, {share});
                      });
}

constexpr Key table[] = {
    {"log.level", set_log_level, {}},
    {"log.access", set_flag<&Config::log, &Log::access>, {}},
    {"log.format", set_log_format, {}},
    {"log.file", set_path_or_off<&Config::log, &Log::file>, {}},
    {"log.sample.ok", set_share<&Config::log, &Log::sample, &Sample::ok>, {}},
    {"log.sample.denied", set_share<&Config::log, &Log::sample, &Sample::denied>, {}},
    {"log.sample.failed", set_share<&Config::log, &Log::sample, &Sample::failed>, {}},
    {"log.sample.rules", set_sample_rules, {}},
    {"log.queue_lines", set_count<&Config::log, &Log::queue_lines>, {16, 1'000'000}},
    {"audit.file", set_path_or_off<&Config::audit, &Audit::file>, {}},
    {"audit.key", set_secret_path_or_off<&Config::audit, &Audit::key>, {}},
    {"audit.required", set_flag<&Config::audit, &Audit::required>, {}},
    {"audit.allowed", set_flag<&Config::audit, &Audit::allowed>, {}},
    {"audit.queue_records", set_count<&Config::audit, &Audit::queue_records>, {16, 1'000'000}},
};

}  // namespace

std::span<const Key> log_keys() noexcept {
    return table;
}

/// Which rules there are is in the policy: loading both says where they differ.
std::string add_sample_rule(Draft& draft, std::string_view rule, Value share) {
    constexpr std::size_t longest = 63;  // as the names of a policy
    auto& rules = draft.config.log.sample.rules;
    if (rule.empty() || rule.size() > longest || !is_printable(rule))
        return but_found("must name rules of the policy", {rule});
    if (std::ranges::find(rules, rule, &Sample::Rule::name) != rules.end())
        return "must have one share a rule; there is a second for \"" + std::string(rule) + '"';
    if (rules.size() == Sample::most_rules)
        return "must be of at most " + std::to_string(Sample::most_rules) + " rules";
    const auto read = read_share(share);
    if (!read)
        return "of \"" + std::string(rule) + "\" " + read.error();
    rules.push_back({.name = std::string(rule), .share = *read});
    return {};
}

}  // namespace beta::config
