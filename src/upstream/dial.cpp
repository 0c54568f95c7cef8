#include "beta/upstream/dial.hpp"

#include "beta/upstream/circuit.hpp"

#include <utility>

namespace beta::upstream {
namespace {

/// The app's own address has no circuit, and so no fresh one.
RetryLimits retry_limits(const config::Limits& limits, bool through_tor) noexcept {
    return {.first_try = limits.circuit_connect_time,
            .in_all = limits.connect_time,
            .tries = through_tor ? limits.connect_tries : 1};
}

}  // namespace

Dial::Dial(PoolState& pool, Circuit& circuit, StreamId id)
    : pool_(pool),
      circuit_(circuit),
      id_(id),
      retry_(retry_limits(pool.limits, circuit.route().through_tor)),
      began_(pool.worker.now()) {}

void Dial::abandon() {
    cancel();
    if (!connector_)
        return;
    connector_->abandon();
    pool_.worker.poller().retire(std::move(connector_));
}

std::chrono::milliseconds Dial::elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(pool_.worker.now() - began_);
}

void Dial::start() {
    epoch_ = circuit_.epoch();
    connector_ = std::make_unique<tor::Connector>(pool_.worker, pool_.shard, circuit_.route());
    connector_->start([this](auto outcome) { tried(std::move(outcome)); },
                      retry_.time_limit(elapsed()));
}

void Dial::expired() {
    start();
}

void Dial::tried(std::expected<net::StreamHandle, model::Failure> outcome) {
    pool_.worker.poller().retire(std::move(connector_));
    if (outcome)
        return circuit_.connected(id_, std::move(outcome), epoch_, began_);
    circuit_.failed_on(epoch_, outcome.error());
    const auto pause = retry_.failed(outcome.error(), elapsed());
    if (!pause)
        return circuit_.connected(id_, std::move(outcome), epoch_, began_);
    pool_.shard.retry(model::facts(outcome.error()).name);
    pool_.worker.wheel().arm(*this, *pause);
}

}  // namespace beta::upstream
