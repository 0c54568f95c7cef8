#include "beta/proxy/exchange.hpp"

// A request that is slow to be answered goes out a second time, by another circuit. The first head
// counts, and the stream of the other copy is closed.
namespace beta::proxy {
namespace {

using model::Failure;

/// RFC 9110 §9.2.1: safe methods, and of those the ones whose answer is no echo of the way.
bool may_be_sent_twice(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "OPTIONS";
}

}  // namespace

void Exchange::prepare_hedge(upstream::PooledStream& stream) {
    const auto& permit = permit_;
    if (!permit.has_value() || switch_ != http::Switch::none || !may_be_sent_twice(record_.method))
        return;
    if (const auto after = context_.pool.hedge_after(stream))
        hedge_ = std::make_unique<Hedge>(static_cast<HedgeEvents&>(*this), context_, *permit,
                                         std::string(upstream_.laid_down()), stream, *after);
}

/// The first copy will not be answered, the second one may still be.
bool Exchange::leave_to_hedge(Failure failure) {
    if (!hedge_ || !hedge_->under_way())
        return false;
    first_failure_ = failure;
    release_stream();
    hedge_sent();
    return true;
}

void Exchange::hedge_sent() {
    if (!upstream_.attached() && hedge_->sent())
        take_over({});
}

void Exchange::hedge_ended() {
    if (!upstream_.attached() && !settled_)
        fail(first_failure_);
}

void Exchange::take_over(std::string_view early) {
    release_stream();
    upstream_.take_over(hedge_->take(), early);
    await_response();
    upstream_.pull();
}

}  // namespace beta::proxy
