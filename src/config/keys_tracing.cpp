#include "setters.hpp"

namespace beta::config {
namespace {

std::string set_collector(Draft& draft, Value value, const Key&) {
    auto& collector = draft.config.tracing.collector;
    collector.clear();
    if (value.text == "off")
        return {};
    const auto dot = value.text.find('.');
    const bool names_plane =
        dot == value.text.npos || model::PlaneName::parse(value.text.substr(dot + 1)).has_value();
    if (!names_plane || !model::ServiceName::parse(value.text.substr(0, dot)))
        return but_found(
            "must be off, or a service of the directory, as in otel-collector or "
            "otel-collector.ops",
            value);
    collector = value.text;
    return {};
}

std::string set_sample(Draft& draft, Value value, const Key& key) {
    return store(draft.config.tracing.sample, read_share(value, key.bounds));
}

constexpr Key table[] = {
    {"tracing.collector", set_collector, {}},
    {"tracing.sample", set_sample, {0, 1'000'000}},
    {"tracing.queue_spans", set_count<&Config::tracing, &Tracing::queue_spans>, {16, 100'000}},
    {"tracing.batch_spans", set_count<&Config::tracing, &Tracing::batch_spans>, {1, 10'000}},
    {"tracing.flush", set_time<&Config::tracing, &Tracing::flush>, {100, hour}},
};

}  // namespace

std::span<const Key> tracing_keys() noexcept {
    return table;
}

}  // namespace beta::config
