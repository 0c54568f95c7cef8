// Shards number their names as they meet them; a merge translates.
#include "beta/telemetry/shard.hpp"

#include "series_key.hpp"

#include <algorithm>
#include <vector>

namespace beta::telemetry {
namespace {

/// Ids of `from` to ids of `to`. The two special ids are the same in every table.
std::vector<std::uint32_t> translation(const NameTable& from, NameTable& to) {
    std::vector<std::uint32_t> ids{NameTable::unknown, NameTable::overflow};
    for (std::uint32_t id = 2; id < from.size(); ++id)
        ids.push_back(to.id(from.name(id)));
    return ids;
}

template <class Array>
void add_each(Array& to, const Array& from) noexcept {
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] += from[i];
}

}  // namespace

void Shard::merge(const Shard& other) {
    merge_names(other);
    add_each(decisions_, other.decisions_);
    add_each(rejects_, other.rejects_);
    add_each(tor_results_, other.tor_results_);
    add_each(connections_, other.connections_);
    for (std::size_t i = 0; i < tunnels_.size(); ++i) {
        tunnels_[i].open += other.tunnels_[i].open;
        tunnels_[i].sent += other.tunnels_[i].sent;
        tunnels_[i].received += other.tunnels_[i].received;
        add_each(tunnels_[i].ends, other.tunnels_[i].ends);
    }
    tor_duration_.merge(other.tor_duration_);
    add_each(renewals_, other.renewals_);
    add_each(hedges_, other.hedges_);
    add_each(app_log_, other.app_log_);
    pool_idle_ += other.pool_idle_;
    pool_busy_ += other.pool_busy_;
    const auto reasons = translation(other.reasons_, reasons_);
    retries_.resize(reasons_.size(), 0);
    for (std::size_t i = 0; i < other.retries_.size(); ++i)
        retries_[reasons[i]] += other.retries_[i];
    const auto results = translation(other.results_, results_);
    handshakes_.resize(results_.size() * 2, 0);
    for (std::size_t i = 0; i < other.handshakes_.size(); ++i)
        handshakes_[results[i / 2] * 2 + i % 2] += other.handshakes_[i];
}

void Shard::merge_names(const Shard& other) {
    const auto services = translation(other.services_, services_);
    const auto planes = translation(other.planes_, planes_);
    const auto rules = translation(other.rules_, rules_);
    circuits_.resize(services_.size(), 0);
    for (std::size_t id = 0; id < other.circuits_.size(); ++id)
        circuits_[services[id]] += other.circuits_[id];
    breakers_.resize(services_.size());
    for (std::size_t id = 0; id < other.breakers_.size(); ++id)
        breakers_[services[id]] = std::max(breakers_[services[id]], other.breakers_[id]);
    other.requests_.for_each([&](std::uint64_t bits, std::uint64_t count) {
        auto key = RequestKey::unpack(bits);
        key.source = services[key.source];
        key.destination = services[key.destination];
        key.plane = planes[key.plane];
        requests_.add(key.pack(), count);
    });
    other.violations_.for_each([&](std::uint64_t bits, std::uint64_t count) {
        auto key = ViolationKey::unpack(bits);
        key.source = services[key.source];
        key.destination = services[key.destination];
        key.plane = planes[key.plane];
        key.rule = rules[key.rule];
        violations_.add(key.pack(), count);
    });
    for (const auto& timing : other.durations_)
        duration(timing.direction, services[timing.destination]).merge(timing.histogram);
}

}  // namespace beta::telemetry
