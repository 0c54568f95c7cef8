#include "setters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace beta::config {
namespace {

std::string set_hedge(Draft& draft, Value value, const Key& key) {
    using enum Hedge::After;
    auto& hedge = draft.config.upstream.hedge;
    constexpr std::array<std::pair<std::string_view, Hedge::After>, 3> words{
        {{"off", off}, {"p95", p95}, {"p99", p99}}};
    const auto word = std::ranges::find(words, value.text, &decltype(words)::value_type::first);
    if (word != words.end()) {
        hedge.after = word->second;
        return {};
    }
    auto problem = store(hedge.time, read_duration(value, key.bounds));
    if (!problem.empty())
        return but_found("must be off, p95, p99 or a time from 10ms to 1h", value);
    hedge.after = time;
    return {};
}

constexpr Key table[] = {
    {"upstream.circuits", set_count<&Config::upstream, &Upstream::circuits>, {1, 8}},
    {"upstream.rotate_circuits",
     set_time<&Config::upstream, &Upstream::rotate_circuits>,
     {second, 24 * hour}},
    {"upstream.hedge", set_hedge, {10, hour}},
    {"upstream.hedge_budget",
     set_count<&Config::upstream, &Upstream::hedge, &Hedge::budget>,
     {1, 100}},
    {"upstream.breaker_failures",
     set_count_or_off<&Config::upstream, &Upstream::breaker_failures>,
     {1, 1'000}},
    {"upstream.breaker_time", set_time<&Config::upstream, &Upstream::breaker_time>, {10, hour}},
};

}  // namespace

std::span<const Key> upstream_keys() noexcept {
    return table;
}

}  // namespace beta::config
