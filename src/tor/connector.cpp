#include "beta/tor/connector.hpp"

#include "beta/net/listener.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

namespace beta::tor {
namespace {

using model::Failure;
using telemetry::TorResult;

TorResult result_of(socks::Fault fault) noexcept {
    using F = socks::Fault;
    switch (fault) {
        case F::none:
            return TorResult::ok;
        case F::descriptor_not_found:
            return TorResult::desc_not_found;
        case F::descriptor_invalid:
            return TorResult::desc_invalid;
        case F::introduction_failed:
            return TorResult::intro_failed;
        case F::rendezvous_failed:
            return TorResult::rend_failed;
        case F::client_auth_missing:
            return TorResult::auth_missing;
        case F::client_auth_wrong:
            return TorResult::auth_wrong;
        case F::onion_address_bad:
            return TorResult::bad_address;
        case F::introduction_timeout:
            return TorResult::intro_timeout;
        case F::ruleset:
            return TorResult::ruleset;
        case F::network_unreachable:
        case F::host_unreachable:
            return TorResult::unreachable;
        case F::refused:
            return TorResult::refused;
        case F::ttl_expired:
            return TorResult::ttl;
        case F::malformed:
        case F::unexpected_bytes:
        case F::http_answer:
        case F::method_refused:
        case F::credentials_refused:
        case F::closed_early:
            return TorResult::socks_garbage;
        default:
            return TorResult::general;
    }
}

/// Of the words of tls/verdict.hpp and tls::name: all others are about the certificate.
Failure failure_of(std::string_view fault) noexcept {
    constexpr std::string_view of_protocol[] = {"closed",  "protocol", "old_version",
                                                "not_tls", "flood",    ""};
    if (fault == "alert")
        return Failure::certificate_refused;
    return std::ranges::find(of_protocol, fault) == std::end(of_protocol) ? Failure::peer_untrusted
                                                                          : Failure::tls_failed;
}

/// In the place of a socket: keeps what a layer would send, and has nothing for it.
class Outbox final : public net::Wire {
  public:
    net::IoResult receive(std::span<char>) noexcept override {
        return {net::IoState::would_block, 0};
    }
    net::IoResult send(std::string_view first, std::string_view second) noexcept override {
        bytes.append(first).append(second);
        return {net::IoState::ok, first.size() + second.size()};
    }
    std::string bytes;
};

}  // namespace

Connector::Connector(runtime::Worker& worker, telemetry::Shard& shard, const upstream::Route& route)
    : worker_(worker), shard_(shard), route_(route) {}

void Connector::start(Done done, std::chrono::milliseconds within) {
    done_ = std::move(done);
    began_ = std::chrono::steady_clock::now();
    worker_.wheel().arm(*this, within);
    if (route_.through_tor) {
        auto handshake =
            socks::Connect::make(route_.domain, route_.port, route_.user, route_.password);
        if (!handshake)
            early_ = Failure::onion_address_bad;
        else
            handshake_.emplace(std::move(*handshake));
    }
    auto fd = net::connect_local(route_.dial);
    if (!fd || early_ != Failure::none) {
        if (early_ == Failure::none)
            early_ = route_.through_tor ? Failure::tor_unreachable : Failure::app_unreachable;
        worker_.wheel().arm(*this, std::chrono::milliseconds{0});  // reported from the next tick
        return;
    }
    stream_ = net::make_stream(worker_.poller(), std::move(*fd));
    stream_->set_owner(this);
    if (!stream_->watch()) {
        early_ = Failure::internal;
        worker_.wheel().arm(*this, std::chrono::milliseconds{0});
    }
}

void Connector::expired() {
    if (early_ != Failure::none)
        return unreachable(TorResult::socks_unreachable, early_);
    if (!is_greeting_)
        return unreachable(TorResult::timeout, Failure::connect_timeout);
    shard_.handshake(acl::Direction::egress, "timeout");
    finish(Failure::connect_timeout);
}

void Connector::stream_ready() {
    if (!is_connected_) {
        if (!stream_->writable())
            return;
        if (stream_->connect_error() != 0)
            return unreachable(TorResult::socks_unreachable, route_.through_tor
                                                                 ? Failure::tor_unreachable
                                                                 : Failure::app_unreachable);
        return connected();
    }
    if (is_greeting_)
        return greet();
    if (!sending_.empty())
        send_pending();
    receive();  // does nothing once done
}

void Connector::abandon() noexcept {
    done_ = nullptr;
    cancel();
    if (stream_)
        stream_->close();
}

void Connector::connected() {
    is_connected_ = true;
    if (!handshake_)
        return secure();
    handle(handshake_->start());
}

void Connector::send_pending() {
    if (!handshake_)
        return;
    const auto result = stream_->write(sending_);
    if (result.state == net::IoState::error)
        return handle(handshake_->closed());
    sending_.remove_prefix(result.bytes);
}

void Connector::handle(const socks::Action& action) {
    switch (action.kind) {
        case socks::Action::Kind::send:
            sending_ = action.bytes;
            if (handshake_->has_asked() && route_.tls)
                greet_early();
            return send_pending();
        case socks::Action::Kind::need_more:
            return;
        case socks::Action::Kind::connected:
            count(TorResult::ok);
            return secure();
        case socks::Action::Kind::failed:
            detail_ = socks::facts(action.fault).sentence;
            return unreachable(result_of(action.fault), socks::facts(action.fault).failure);
    }
}

void Connector::receive() {
    std::array<char, 512> bytes;  // NOLINT: filled by the kernel
    while (done_ && stream_ && !is_greeting_ && stream_->readable()) {
        const bool no_more =  // than the reply: what follows is the destination's own
            (route_.speaks_first || layer_) && handshake_.has_value();
        const auto most = no_more ? handshake_->due() : bytes.size();
        const auto result = stream_->read(std::span(bytes).first(most));
        if (result.state == net::IoState::would_block)
            return;
        if (result.state != net::IoState::ok)
            return handle(handshake_->closed());
        handle(handshake_->receive({bytes.data(), result.bytes}));
    }
}

/// TLS begins a round trip of the circuit sooner when its first message need not wait for the
/// reply. It says nothing of any request; should there be no stream, it was for nothing.
void Connector::greet_early() {
    layer_ = route_.tls->credentials->connect(route_.tls->expected, route_.tls->tickets);
    if (!layer_)
        return;
    Outbox hello;
    layer_->greet(hello);  // a failure is seen by the next greet
    asked_.assign(sending_).append(hello.bytes);
    sending_ = asked_;
}

/// SOCKS has said all that it had to say. Nothing but TLS passes from here on, where it is asked
/// for.
void Connector::secure() {
    if (!route_.tls)
        return finish(Failure::none);
    is_greeting_ = true;
    if (!layer_) {  // the directory names a plane whose authority we do not know
        detail_ = "no_authority";
        return finish(Failure::peer_untrusted);
    }
    stream_->wrap(std::move(layer_));
    greet();
}

void Connector::greet() {
    const auto greeting = stream_->greet();
    if (greeting == net::Greeting::under_way)
        return;
    const auto& layer = *stream_->layer();
    if (greeting == net::Greeting::failed) {
        detail_ = layer.fault();
        shard_.handshake(acl::Direction::egress, detail_);
        return finish(failure_of(detail_));
    }
    shard_.handshake(acl::Direction::egress, layer.resumed() ? "resumed" : "full");
    stream_->set_good_until(worker_.now() + layer.relied_upon(route_.tls->connection_age));
    finish(Failure::none);
}

void Connector::unreachable(TorResult result, Failure failure) {
    count(result);
    finish(failure);
}

void Connector::count(TorResult result) {
    if (route_.through_tor)
        shard_.tor_connect(result, std::chrono::steady_clock::now() - began_);
}

void Connector::finish(Failure failure) {
    cancel();
    const auto done = std::exchange(done_, nullptr);
    if (failure != Failure::none) {
        if (stream_)
            stream_->close();
        return done(std::unexpected(failure));
    }
    stream_->set_owner(nullptr);
    done(std::move(stream_));
}

}  // namespace beta::tor
