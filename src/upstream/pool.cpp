#include "beta/upstream/pool.hpp"

#include "beta/upstream/circuit.hpp"
#include "beta/upstream/circuits.hpp"

#include <chrono>

namespace beta::upstream {
namespace {

constexpr std::chrono::seconds housekeeping{1};

}  // namespace

Pool::Pool(PoolContext context) : state_(context) {
    state_.worker.wheel().arm(*this, housekeeping);
}

Pool::~Pool() = default;

void Pool::adopt(const std::vector<std::optional<Route>>& routes) {
    by_id_.assign(routes.size(), nullptr);
    for (std::size_t id = 0; id < routes.size(); ++id) {
        const auto& route = routes[id];
        if (!route.has_value())
            continue;
        auto& destination = destinations_[route->key()];
        if (!destination)
            destination = std::make_unique<Circuits>(state_, *route);
        else
            destination->renew(*route);
        by_id_[id] = destination.get();
    }
}

void Pool::borrow(const acl::Permit& permit, Borrower& borrower) {
    const auto id = permit.destination_id();
    if (id >= by_id_.size() || by_id_[id] == nullptr)
        return borrower.refused(model::Failure::onion_address_bad);
    by_id_[id]->borrow(borrower);
}

void Pool::replace(const acl::Permit&, PooledStream& broken, Borrower& borrower) {
    Circuit& circuit = broken.home_;
    circuit.give_back(broken, false);
    circuit.home().borrow(borrower);
}

std::optional<std::chrono::milliseconds> Pool::hedge_after(const PooledStream& stream) {
    return stream.home_.home().hedge_after();
}

bool Pool::hedge(const acl::Permit&, const PooledStream& slow, Borrower& borrower) {
    return slow.home_.home().hedge(slow.home_, borrower);
}

void Pool::cancel(Borrower& borrower) {
    if (borrower.queue_ != nullptr)
        borrower.queue_->cancel(borrower);
}

void Pool::give_back(PooledStream& stream, bool reusable) {
    stream.home_.give_back(stream, reusable);
}

std::vector<Seen> Pool::seen() const {
    std::vector<Seen> all;
    for (std::size_t id = own_app + 1; id < by_id_.size(); ++id) {
        if (by_id_[id] != nullptr)
            all.push_back(by_id_[id]->seen());
    }
    return all;
}

void Pool::drain() {
    for (auto& [key, destination] : destinations_)
        destination->evict_idle();
}

void Pool::expired() {
    std::int64_t idle = 0;
    std::int64_t busy = 0;
    for (auto& [key, destination] : destinations_) {
        destination->tick();
        const auto streams = destination->streams();
        idle += static_cast<std::int64_t>(streams.idle);
        busy += static_cast<std::int64_t>(streams.busy);
    }
    state_.shard.pool(idle, busy);
    state_.worker.wheel().arm(*this, housekeeping);
}

}  // namespace beta::upstream
