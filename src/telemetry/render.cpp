#include "beta/telemetry/render.hpp"

#include "families.hpp"

#include <prometheus/text_serializer.h>

namespace beta::telemetry {

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
    Families families;
    add_traffic(families, all);
    add_upstream(families, all);
    add_tor(families, facts);
    add_process(families, facts);
    return prometheus::TextSerializer().Serialize(families.list());
}

}  // namespace beta::telemetry
