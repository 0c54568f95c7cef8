#include "beta/telemetry/render.hpp"

#include "families.hpp"

#include <cstddef>
#include <utility>

namespace beta::telemetry {
namespace {

/// About what the text takes, rather more. A string that grows by doubling writes each byte twice,
/// into memory that is fresh each time: with a thousand services that took longest of all.
std::size_t room_for(const Shard& shard) {
    constexpr std::size_t line = 256;
    constexpr std::size_t histogram = 16 * line;  // 19 short ones
    std::size_t room = 256 * line;                // what is there in any case
    shard.for_each_request([&](const auto&, auto) { room += line; });
    shard.for_each_violation([&](const auto&, auto) { room += line; });
    shard.for_each_duration([&](auto, auto, const auto&) { room += histogram; });
    return room;
}

}  // namespace

Facts Facts::now() {
    Facts facts;
    facts.process = read_process();
    facts.container = read_container();
    return facts;
}

std::string render(std::span<const Shard> shards, const Facts& facts) {
    Shard all;
    for (const auto& shard : shards)
        all.merge(shard);
    Families families(room_for(all));
    add_traffic(families, all);
    add_upstream(families, all);
    add_tor(families, facts);
    add_process(families, facts);
    return std::move(families).text();
}

}  // namespace beta::telemetry
