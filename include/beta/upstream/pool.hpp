// Pool: live streams to upstreams, one worker's. The one dial path: only a Permit borrows from it.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/config/limits.hpp"
#include "beta/config/upstream.hpp"
#include "beta/model/failure.hpp"
#include "beta/net/stream.hpp"
#include "beta/runtime/worker.hpp"
#include "beta/telemetry/event_log.hpp"
#include "beta/telemetry/shard.hpp"
#include "beta/tor/isolation.hpp"
#include "beta/upstream/route.hpp"
#include "beta/upstream/slot.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

namespace beta::upstream {

class Circuit;
class Circuits;

/// A stream that outlives the exchange that opened it. While idle it watches itself: bytes or an
/// end that come unasked end it.
class PooledStream final : private net::StreamOwner {
  public:
    PooledStream(Circuit& home, StreamId id, net::StreamHandle stream, const tor::Epoch& epoch);

    net::Stream& stream() noexcept { return *stream_; }
    /// A whole request has been sent: its answer is awaited from now on.
    void asked();
    /// The head of an answer has come.
    void answered();

  private:
    friend class Circuit;
    friend class Pool;
    void stream_ready() override;

    Circuit& home_;
    StreamId id_;
    net::StreamHandle stream_;
    tor::Epoch epoch_;
    std::optional<runtime::Worker::Clock::time_point> asked_;
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
    friend class Circuit;
    friend class Pool;
    Circuit* queue_ = nullptr;
    WaiterId ticket_ = 0;
};

struct PoolContext {
    runtime::Worker& worker;
    const config::Limits& limits;
    const config::Upstream& upstream;
    telemetry::Shard& shard;
    const tor::Isolation& isolation;  // of the whole process
    telemetry::EventLog& events;
};

/// What destinations share. One worker's.
struct PoolState : PoolContext {
    explicit PoolState(PoolContext context)
        : PoolContext(context), random(std::random_device()()), began(worker.now()) {}

    std::minstd_rand random;
    runtime::Worker::Clock::time_point began;
};

/// A destination as one worker sees it.
struct Seen {
    std::string name;
    std::size_t circuits = 0;  // that a stream is open on
    std::size_t idle = 0;      // streams
    std::size_t busy = 0;
    bool left_alone = false;  // too many connects in a row failed
    // From a whole request sent to the head of its answer; empty before the first of late.
    std::optional<std::chrono::microseconds> usual;    // a moving average
    std::optional<std::chrono::microseconds> slowest;  // of late
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
    /// How long after it was sent a request on this stream may have a second copy; empty: none.
    std::optional<std::chrono::milliseconds> hedge_after(const PooledStream& stream);
    /// For that copy: a stream of another circuit to where `slow` leads. False when the budget is
    /// spent, or there is no other circuit.
    bool hedge(const acl::Permit& permit, const PooledStream& slow, Borrower& borrower);
    void cancel(Borrower& borrower);
    /// After the exchange; `reusable` when the message ended cleanly and the peer keeps the
    /// connection.
    void give_back(PooledStream& stream, bool reusable);
    /// Those of the directory in force that lead through tor, by name.
    std::vector<Seen> seen() const;
    /// Closes idle streams; those in use are closed as they come back.
    void drain();

  private:
    void expired() override;

    PoolState state_;
    std::unordered_map<std::string, std::unique_ptr<Circuits>> destinations_;  // by Route::key
    std::vector<Circuits*> by_id_;
};

}  // namespace beta::upstream
