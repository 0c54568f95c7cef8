// Hedge: the second copy of a request that is slow to be answered, up to the first byte of its
// answer.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/net/stream.hpp"
#include "beta/proxy/context.hpp"
#include "beta/runtime/timer_wheel.hpp"
#include "beta/upstream/pool.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::proxy {

class HedgeEvents {
  public:
    virtual ~HedgeEvents() = default;
    /// It is about to be sent.
    virtual void hedge_begins() = 0;
    /// All of it was sent.
    virtual void hedge_sent() = 0;
    /// These are the first bytes of its answer: take() the stream.
    virtual void hedge_answers(std::string_view early) = 0;
    /// It came to nothing, though it was to be sent.
    virtual void hedge_ended() = 0;
};

/// Of a request that may be sent twice, and that has no body. Goes by the permit of the first copy,
/// and by another circuit. Whatever happens is told to the exchange, which decides what counts.
class Hedge final : private upstream::Borrower, private net::StreamOwner, private runtime::Timer {
  public:
    /// `request`: the bytes of the copy; `first`: where the first one goes, until stop() or until
    /// this one is under way.
    Hedge(HedgeEvents& events, Context& context, const acl::Permit& permit, std::string request,
          const upstream::PooledStream& first, std::chrono::milliseconds after);
    ~Hedge() override { stop(); }

    bool under_way() const noexcept { return state_ == State::borrowing || sent(); }
    bool sent() const noexcept { return state_ == State::sent; }
    /// Its stream, which is the caller's from now on; precondition: sent.
    upstream::PooledStream& take();
    /// No event after this.
    void stop();

  private:
    enum class State : std::uint8_t { waiting, borrowing, sent, over };

    void expired() override;
    void borrowed(upstream::PooledStream& stream) override;
    void refused(model::Failure failure) override;
    void stream_ready() override;
    void end(telemetry::HedgeResult result);

    HedgeEvents& events_;
    Context& context_;
    const acl::Permit& permit_;
    std::string request_;
    const upstream::PooledStream& first_;
    upstream::PooledStream* stream_ = nullptr;
    State state_ = State::waiting;
};

}  // namespace beta::proxy
