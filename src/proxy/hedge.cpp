#include "beta/proxy/hedge.hpp"

#include <array>
#include <utility>

namespace beta::proxy {

using telemetry::HedgeResult;

Hedge::Hedge(HedgeEvents& events, Context& context, const acl::Permit& permit, std::string request,
             const upstream::PooledStream& first, std::chrono::milliseconds after)
    : events_(events),
      context_(context),
      permit_(permit),
      request_(std::move(request)),
      first_(first) {
    context_.worker.wheel().arm(*this, after);
}

void Hedge::expired() {
    state_ = State::borrowing;
    if (context_.pool.hedge(permit_, first_, *this))
        return;
    state_ = State::over;
    context_.shard.hedge(HedgeResult::over_budget);
}

void Hedge::borrowed(upstream::PooledStream& stream) {
    state_ = State::sent;
    stream_ = &stream;
    events_.hedge_begins();
    stream.stream().set_owner(this);
    const auto result = stream.stream().write(request_);
    if (result.state == net::IoState::error || result.bytes < request_.size() ||
        !stream.stream().flushed())
        return end(HedgeResult::failed);  // a stream that has no room for a head will not be faster
    stream.asked();
    events_.hedge_sent();
}

void Hedge::refused(model::Failure) {
    end(HedgeResult::failed);
}

void Hedge::stream_ready() {
    auto& stream = stream_->stream();
    if (!stream.readable())
        return;
    std::array<char, 4096> early;  // NOLINT: filled by the kernel
    const auto result = stream.read(early);
    if (result.state == net::IoState::ok)
        return events_.hedge_answers({early.data(), result.bytes});
    if (result.state != net::IoState::would_block)
        end(HedgeResult::failed);
}

void Hedge::end(HedgeResult result) {
    state_ = State::over;
    context_.shard.hedge(result);
    if (stream_ != nullptr)
        context_.pool.give_back(*std::exchange(stream_, nullptr), false);
    events_.hedge_ended();
}

upstream::PooledStream& Hedge::take() {
    state_ = State::over;
    context_.shard.hedge(HedgeResult::won);
    return *std::exchange(stream_, nullptr);
}

void Hedge::stop() {
    cancel();
    if (under_way())
        context_.shard.hedge(HedgeResult::lost);
    if (state_ == State::borrowing)
        context_.pool.cancel(*this);
    state_ = State::over;
    if (stream_ != nullptr)
        context_.pool.give_back(*std::exchange(stream_, nullptr), false);
}

}  // namespace beta::proxy
