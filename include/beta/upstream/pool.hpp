// Pool: live streams to upstreams, one worker's. The one dial path: only a Permit borrows from it.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/config/limits.hpp"
#include "beta/model/failure.hpp"
#include "beta/net/stream.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/upstream/route.hpp"
#include "beta/upstream/slot.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace beta::upstream {

class Destination;

/// A stream that outlives the exchange that opened it. While idle it watches itself: bytes or an
/// end that come unasked end it.
class PooledStream final : private net::StreamOwner {
  public:
    PooledStream(Destination& home, StreamId id, net::StreamHandle stream);

    net::Stream& stream() noexcept { return *stream_; }

  private:
    friend class Destination;
    friend class Pool;
    void stream_ready() override;

    Destination& home_;
    StreamId id_;
    net::StreamHandle stream_;
    bool used_ = false;  // has carried an exchange
};

/// Who waits for a stream. Exactly one of the two is called, once, unless the wait is cancelled;
/// perhaps from within borrow().
class Borrower {
  public:
    virtual ~Borrower() = default;
    virtual void borrowed(PooledStream& stream) = 0;
    virtual void refused(model::Failure failure) = 0;
    /// One that has carried nothing yet: for bytes that must not follow another exchange's.
    virtual bool wants_new_stream() const { return false; }

  private:
    friend class Destination;
    friend class Pool;
    Destination* queue_ = nullptr;
    WaiterId ticket_ = 0;
};

/// What destinations share. One worker's.
struct PoolContext {
    runtime::Worker& worker;
    const config::Limits& limits;
    telemetry::Shard& shard;
};

class Pool : private runtime::Timer {
  public:
    explicit Pool(PoolContext context);
    ~Pool() override;

    /// Routes by destination id, from the directory in force; an empty one cannot be reached from
    /// this plane. Streams of routes that stay are kept.
    void adopt(const std::vector<std::optional<Route>>& routes);

    void borrow(const acl::Permit& permit, Borrower& borrower);
    /// Another stream to where `broken` leads, which goes. By the permit that it was borrowed by:
    /// the routes may have changed since, and its id may mean something else.
    void replace(const acl::Permit& permit, PooledStream& broken, Borrower& borrower);
    void cancel(Borrower& borrower);
    /// After the exchange; `reusable` when the message ended cleanly and the peer keeps the
    /// connection.
    void give_back(PooledStream& stream, bool reusable);
    /// Closes idle streams; those in use are closed as they come back.
    void drain();

  private:
    void expired() override;

    PoolContext context_;
    std::unordered_map<std::string, std::unique_ptr<Destination>> destinations_;  // by Route::key
    std::vector<Destination*> by_id_;
};

}  // namespace beta::upstream
