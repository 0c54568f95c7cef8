#include "beta/upstream/pool.hpp"

#include "beta/upstream/destination.hpp"

#include <chrono>

namespace beta::upstream {
namespace {

constexpr std::chrono::seconds housekeeping{1};

}  // namespace

Pool::Pool(PoolContext context) : context_(context) {
    context_.worker.wheel().arm(*this, housekeeping);
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
            destination = std::make_unique<Destination>(context_, *route);
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
    Destination& home = broken.home_;
    home.give_back(broken, false);
    home.borrow(borrower);
}

void Pool::cancel(Borrower& borrower) {
    if (borrower.queue_ != nullptr)
        borrower.queue_->cancel(borrower);
}

void Pool::give_back(PooledStream& stream, bool reusable) {
    stream.home_.give_back(stream, reusable);
}

void Pool::drain() {
    for (auto& [key, destination] : destinations_)
        destination->evict_idle();
}

void Pool::expired() {
    std::int64_t idle = 0;
    std::int64_t busy = 0;
    for (auto& [key, destination] : destinations_) {
        destination->expire_idle();
        idle += static_cast<std::int64_t>(destination->slot().idle());
        busy += static_cast<std::int64_t>(destination->slot().busy());
    }
    context_.shard.pool(idle, busy);
    context_.worker.wheel().arm(*this, housekeeping);
}

}  // namespace beta::upstream
