// Tunnel: bytes between two streams, both ways and untouched, until both directions have ended.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/model/failure.hpp"
#include "beta/net/buffer.hpp"
#include "beta/net/stream.hpp"
#include "beta/proxy/context.hpp"
#include "beta/runtime/timer_wheel.hpp"

#include <cstdint>
#include <string>

namespace beta::proxy {

class TunnelEvents {
  public:
    virtual ~TunnelEvents() = default;
    /// Once. `none` when both directions came to their end, or one did and the other fell silent.
    virtual void tunnel_ended(model::Failure failure) = 0;
};

/// One side of a tunnel, lent by the session or the exchange for the tunnel's life.
struct TunnelEnd {
    net::Stream& stream;
    net::Buffer& in;    // read from the stream, not passed on yet
    std::string& lead;  // goes to the stream before anything else: an answer's head
};

/// What one side does not read is not read from the other: a buffer a direction, and none while
/// idle. A direction that ends is passed on as a FIN. One FIN waits: tor ends a whole stream when
/// its client finishes sending, so the caller's FIN goes into tor only after the answer has ended,
/// or has been silent for limits.tunnel_linger_time.
class Tunnel final : private net::StreamOwner, private runtime::Timer {
  public:
    Tunnel(TunnelEvents& events, Context& context, acl::Direction direction, TunnelEnd down,
           TunnelEnd up);
    ~Tunnel() override;

    void start();
    /// No event after this; the streams are their owners' again.
    void stop();

    std::uint64_t sent() const noexcept { return up_.bytes; }
    std::uint64_t received() const noexcept { return down_.bytes; }

  private:
    /// One direction.
    struct Flow {
        TunnelEnd from;
        TunnelEnd to;
        model::Failure when_cut;  // `from` was reset
        std::uint64_t bytes = 0;
        std::size_t unsent = 0;  // when `to` last had no room
        bool blocked = false;    // `to` has no room; an edge will tell
        bool ended = false;      // `from` sends no more
        bool finished = false;   // and everything was passed on, or has no taker any more

        bool holds_bytes() const noexcept { return !from.in.empty() || !to.lead.empty(); }
    };

    void stream_ready() override;
    void expired() override;
    void move(Flow& flow);
    bool deliver(Flow& flow);
    bool receive(Flow& flow);
    void notice_reset(Flow& flow);
    void finish(Flow& flow);
    bool still_taken(Flow& flow);
    void end(model::Failure failure);
    void arm();

    TunnelEvents& events_;
    Context& context_;
    acl::Direction direction_;
    Flow up_;
    Flow down_;
    runtime::Worker::Clock::time_point last_;  // the end of its life
    bool moved_ = false;
    bool stopped_ = false;
};

}  // namespace beta::proxy
