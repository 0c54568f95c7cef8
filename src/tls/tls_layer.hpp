// TlsLayer: TLS 1.3 on one stream, by OpenSSL over the stream's own socket.
#pragma once

#include "beta/net/layer.hpp"
#include "beta/tls/expected.hpp"
#include "beta/tls/identity_template.hpp"
#include "beta/tls/tickets.hpp"

#include "openssl.hpp"
#include "wire_bio.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beta::tls {

/// What a connection is checked by, and where its tickets go; outlives the contexts it is used in.
struct Terms {
    Expected expected;
    std::shared_ptr<const IdentityTemplate> names;
    std::shared_ptr<Tickets> tickets;  // of a client; null: none are kept
    std::uint64_t generation = 0;      // of the credentials
};

class TlsLayer final : public net::Layer {
  public:
    using Clock = std::chrono::system_clock;

    TlsLayer(Owned<SSL> ssl, Terms terms);

    /// A client's: goes on from an earlier session, verified until then.
    void resume(const Tickets::Ticket& ticket);

    net::Greeting greet(net::Wire& wire) override;
    const net::Peer* peer() const noexcept override { return peer_ ? &*peer_ : nullptr; }
    std::string_view fault() const noexcept override { return fault_; }
    bool resumed() const noexcept override { return SSL_session_reused(ssl_.get()) == 1; }
    net::IoResult read(net::Wire& wire, std::span<char> into) noexcept override;
    net::IoResult write(net::Wire& wire, std::string_view first,
                        std::string_view second) noexcept override;
    bool flush(net::Wire& wire) noexcept override;
    void finish(net::Wire& wire) noexcept override;
    bool idle(net::Wire& wire) noexcept override;
    bool holds_input() const noexcept override;
    std::size_t unsent() const noexcept override { return pending_.size(); }

    // OpenSSL's callbacks (context.cpp) come here.
    static TlsLayer& of(SSL* ssl) noexcept;
    bool judge(X509_STORE_CTX& chain) noexcept;
    void seal(SSL_SESSION& session) const noexcept;
    bool unseal(SSL_SESSION& session) noexcept;
    void keep(SSL_SESSION& session) noexcept;
    void notice() noexcept;

  private:
    class Call;
    enum class Step : std::uint8_t { again, wait, over };

    bool prove();
    bool identify(const X509* leaf);
    bool is_own(const X509* leaf) const noexcept;
    net::Greeting fail(std::string_view fault) noexcept;
    void heard(std::size_t bytes) noexcept;
    /// After a read that gave nothing.
    Step after(int result) noexcept;
    std::size_t encrypt(std::string_view first, std::string_view second) noexcept;

    WireState state_;  // before the SSL, which holds a BIO on it
    Owned<SSL> ssl_;
    Terms terms_;
    std::optional<net::Peer> peer_;
    std::string pending_;  // encrypted, and no room for it on the wire
    Clock::time_point until_;
    std::string_view fault_;
    std::uint32_t silent_ = 0;  // messages of the protocol's own, begun anew with each record's
    std::size_t heard_ = 0;     // worth of bytes of the peer's
    bool failed_ = false;
    bool mute_ = false;   // the wire takes no more; what it holds may still be read
    bool ended_ = false;  // the peer has said that no more will come
    bool finished_ = false;
};

}  // namespace beta::tls
