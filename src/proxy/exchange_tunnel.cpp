#include "beta/proxy/exchange.hpp"

// When the connection becomes something else: CONNECT once its stream is there, a websocket at the
// 101. Until then nothing that came behind the head has been looked at; from then on nothing is.
namespace beta::proxy {

using model::Failure;

/// A tunnel's stream is there: the answer that opens it. 2xx to CONNECT has no framing fields
/// (RFC 9110 §9.3.6).
void Exchange::open_connect(upstream::PooledStream& stream) {
    upstream_.attach_raw(stream);
    http::ResponseHead head;
    head.status = 200;
    head.reason = "Connection established";
    switch_over(head, {}, {.added = "Proxy-Status: beta\r\n"});
    upstream_switched();
}

void Exchange::switch_over(const http::ResponseHead& head, const http::Framing& framing,
                           const http::HeadChanges& changes) {
    cancel();
    switched_ = answered_ = true;
    close_ = true;
    record_.status = head.status;
    downstream_.send_head(head, framing, changes);
}

/// The head is out of the way: the session hands over its stream from its own loop, when nothing of
/// the request is in the buffer any more.
void Exchange::upstream_switched() {
    downstream_.pull();
}

void Exchange::open_tunnel(TunnelEnd downstream) {
    record_.duration = std::chrono::steady_clock::now() - began_;
    count();  // a tunnel may live for a day; its line in the log comes then
    tunnel_ = std::make_unique<Tunnel>(static_cast<TunnelEvents&>(*this), context_,
                                       side_.direction(), downstream, upstream_.tunnel_end());
    tunnel_->start();
}

void Exchange::tunnel_ended(Failure failure) {
    if (failure != Failure::none)
        return fail(failure);
    note_bytes();
    release_stream();
    settle(Failure::none);
    downstream_.finish(true);
}

/// Of a tunnel: everything that passed.
void Exchange::note_bytes() {
    record_.response_bytes = tunnel_ ? tunnel_->received() : upstream_.body_bytes();
    if (tunnel_)
        record_.request_bytes = tunnel_->sent();
}

}  // namespace beta::proxy
