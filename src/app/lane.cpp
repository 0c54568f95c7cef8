#include "beta/app/lane.hpp"

#include "beta/app/routes.hpp"

#include <algorithm>
#include <utility>

namespace beta::app {
namespace {

/// Room for a head and for a trailer section beside a full chunk line; large enough that bodies
/// take few reads.
std::size_t block_bytes(const config::Limits& limits) noexcept {
    return std::max<std::size_t>({64 * 1024, limits.head_bytes + 1024,
                                  limits.trailer_bytes + limits.chunk_extension_bytes + 1024});
}

}  // namespace

Lane::Door::Door(Lane& lane, net::Descriptor socket, const proxy::Side& side)
    : sessions(lane.context_, side),
      listener(lane.worker_.poller(), std::move(socket), [this, &lane](net::Descriptor fd) {
          const bool full = sessions.count() >= lane.cap_ && !sessions.shed();
          sessions.open(std::move(fd));
          if (full)  // one over the cap, and no more
              listener.pause();
      }) {}

Lane::Lane(const config::Config& config, const tor::Isolation& isolation, const Loaded& loaded,
           acl::Limiter& limiter, const Writers& writers)
    : config_(config),
      // The workers share it out: the kernel spreads connections evenly over their sockets.
      cap_((config.limits.downstream_connections + std::max(config.workers, 1u) - 1) /
           std::max(config.workers, 1u)),
      blocks_(block_bytes(config.limits)),
      access_log_(writers.access, config.log),
      denials_(config.admin && config.admin_page ? telemetry::Denials::most : 0),
      pool_({worker_, config.limits, config.upstream, shard_, isolation, writers.events}),
      context_{worker_,
               config_.limits,
               blocks_,
               pool_,
               shard_,
               access_log_,
               denials_,
               limiter,
               proxy::SnapshotHandle(
                   new proxy::Snapshot{loaded.policy, loaded.directory, loaded.credentials}),
               {},
               {},
               {},
               config.tls.max_connection_age,
               isolation.self_path()} {
    context_.app_log = &writers.app;
    if (writers.audit != nullptr)
        context_.audit = &audit_log_.emplace(*writers.audit, config.audit.allowed);
    if (writers.spans != nullptr)
        context_.spans = &span_log_.emplace(*writers.spans, config.tracing.sample);
    pool_.adopt(routes(config, *loaded.directory, loaded.credentials));
    worker_.on_batch_end([this] { end_batch(); });
}

/// Sessions first: they hold streams, buffers and places in the pool's queues.
Lane::~Lane() {
    stop();
    doors_.clear();
    worker_.poller().bury();
}

void Lane::add(net::Descriptor socket, const proxy::Side& side) {
    doors_.push_back(std::make_unique<Door>(*this, std::move(socket), side));
}

void Lane::start() {
    for (auto& door : doors_)
        door->listener.listen();
    worker_.start();
}

void Lane::stop() {
    worker_.stop();
}

void Lane::drain(std::function<void()> drained) {
    worker_.post([this, drained = std::move(drained)]() mutable {
        drained_ = std::move(drained);
        context_.draining = true;
        for (auto& door : doors_) {
            door->listener.finish();
            door->sessions.drain();
        }
        pool_.drain();
        worker_.poller().bury();
        end_batch();
    });
}

/// The old snapshot goes with the last request that began under it.
void Lane::adopt(std::shared_ptr<const Loaded> loaded, std::function<void()> adopted) {
    worker_.post([this, loaded = std::move(loaded), adopted = std::move(adopted)] {
        context_.snapshot = proxy::SnapshotHandle(
            new proxy::Snapshot{loaded->policy, loaded->directory, loaded->credentials});
        pool_.adopt(routes(config_, *loaded->directory, loaded->credentials));
        adopted();
    });
}

void Lane::collect(std::function<void(telemetry::Shard)> take) {
    worker_.post([this, take = std::move(take)] { take(shard_); });
}

void Lane::look(std::function<void(LaneView)> take) {
    worker_.post([this, take = std::move(take)] {
        take({.shard = shard_, .denials = denials_.latest(), .destinations = pool_.seen()});
    });
}

void Lane::end_batch() {
    access_log_.flush();
    if (audit_log_)
        audit_log_->hand_over();
    if (span_log_)
        span_log_->hand_over();
    context_.handshakes = 0;
    for (auto& door : doors_) {
        if (door->sessions.count() < cap_)
            door->listener.resume();
    }
    if (drained_ && sessions() == 0)
        std::exchange(drained_, nullptr)();
}

std::size_t Lane::sessions() const noexcept {
    std::size_t count = 0;
    for (const auto& door : doors_)
        count += door->sessions.count();
    return count;
}

}  // namespace beta::app
