#include "tls_layer.hpp"

#include "beta/tls/peer_identity.hpp"

#include "verdict.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>
#include <utility>

namespace beta::tls {
namespace {

constexpr std::size_t record = 16 * 1024;   // RFC 8446 §5.1
constexpr std::size_t flight = 4 * record;  // encrypted before a send
constexpr std::uint32_t most_silent = 32;   // tickets and key updates a record; more is a flood

int index_of_layer() {
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

}  // namespace

/// One call into OpenSSL, from the stream: with the wire at hand and no old error in the way. What
/// it wrote leaves at the end, in one send.
class TlsLayer::Call {
  public:
    Call(TlsLayer& layer, net::Wire& wire) noexcept : layer_(layer) {
        ERR_clear_error();
        layer_.state_.wire = &wire;
        layer_.state_.gathered = &gathered();
    }
    ~Call() {
        push();
        layer_.state_.wire = nullptr;
        layer_.state_.gathered = nullptr;
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    void push() noexcept {
        auto& out = gathered();
        if (!out.empty() && !layer_.mute_) {
            const auto sent = layer_.pending_.empty() ? layer_.state_.wire->send(out)
                                                      : net::IoResult{net::IoState::would_block, 0};
            layer_.mute_ = sent.state == net::IoState::error;
            layer_.pending_.append(out, sent.bytes);
        }
        out.clear();
    }

  private:
    /// The thread's: one call at a time uses it, and it keeps its memory.
    static std::string& gathered() noexcept {
        static thread_local std::string bytes;
        return bytes;
    }
    TlsLayer& layer_;
};

TlsLayer::TlsLayer(Owned<SSL> ssl, Terms terms) : ssl_(std::move(ssl)), terms_(std::move(terms)) {
    auto bio = make_wire_bio(state_);
    if (!ssl_ || SSL_set_ex_data(ssl_.get(), index_of_layer(), this) != 1)
        throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), bio.get(), bio.get());  // takes the one reference for both
    (void)bio.release();
}

TlsLayer& TlsLayer::of(SSL* ssl) noexcept {
    return *static_cast<TlsLayer*>(SSL_get_ex_data(ssl, index_of_layer()));
}

void TlsLayer::resume(const Tickets::Ticket& ticket) {
    if (SSL_set_session(ssl_.get(), ticket.session.get()) == 1)
        until_ = ticket.until;
}

net::Greeting TlsLayer::greet(net::Wire& wire) {
    if (peer_)
        return net::Greeting::done;
    if (failed_)
        return net::Greeting::failed;
    const Call call(*this, wire);
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1)
        return prove() ? net::Greeting::done : fail(fault_);
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ)
        return net::Greeting::under_way;
    return fail(fault_.empty() ? word_of_queue() : fault_);
}

net::Greeting TlsLayer::fail(std::string_view fault) noexcept {
    failed_ = true;
    fault_ = fault;
    return net::Greeting::failed;
}

/// Asked of resumed sessions too: what is trusted comes from a certificate each time.
bool TlsLayer::prove() {
    const auto* const leaf = SSL_get0_peer_certificate(ssl_.get());
    if (leaf == nullptr) {
        fault_ = "no_certificate";
        return false;
    }
    if (!identify(leaf))
        return false;
    if (Clock::now() < until_)
        return true;
    peer_.reset();
    fault_ = "expired";
    return false;
}

bool TlsLayer::identify(const X509* leaf) {
    auto identity = identity_of(*leaf, *terms_.names);
    if (!identity) {
        fault_ = name(identity.error());
        return false;
    }
    fault_ = terms_.expected.objection(*identity);
    if (!fault_.empty())
        return false;
    peer_ = net::Peer{std::move(*identity), until_};
    return true;
}

/// The chain first, by OpenSSL; then who it is. A no here is an alert to the peer.
bool TlsLayer::judge(X509_STORE_CTX& chain) noexcept {
    if (X509_verify_cert(&chain) != 1) {
        fault_ = is_own(X509_STORE_CTX_get0_cert(&chain))
                     ? "self"
                     : word_of_chain(X509_STORE_CTX_get_error(&chain));
        return false;
    }
    until_ = end_of(X509_STORE_CTX_get0_chain(&chain));
    if (identify(X509_STORE_CTX_get0_cert(&chain))) {
        peer_.reset();  // not before the handshake is done
        return true;
    }
    X509_STORE_CTX_set_error(&chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
}

/// A sidecar calls its own listener for another plane (tor.probe): refused as any other of its
/// plane, but no reason for an alarm. Whoever shows a certificate that we show to everybody gains
/// that word, and nothing else.
bool TlsLayer::is_own(const X509* leaf) const noexcept {
    const auto* const own = SSL_get_certificate(ssl_.get());
    return SSL_is_server(ssl_.get()) == 1 && own != nullptr && X509_cmp(leaf, own) == 0;
}

void TlsLayer::seal(SSL_SESSION& session) const noexcept {
    const auto until = Clock::to_time_t(until_);
    SSL_SESSION_set1_ticket_appdata(&session, &until, sizeof until);
}

bool TlsLayer::unseal(SSL_SESSION& session) noexcept {
    void* data = nullptr;
    std::size_t size = 0;
    std::time_t until = 0;
    if (SSL_SESSION_get0_ticket_appdata(&session, &data, &size) != 1 || size != sizeof until)
        return false;
    std::memcpy(&until, data, sizeof until);
    until_ = Clock::from_time_t(until);
    return Clock::now() < until_;
}

/// A copy: OpenSSL spoils the one at hand when its connection does not end well, which says nothing
/// of who is there.
void TlsLayer::keep(SSL_SESSION& session) noexcept {
    if (auto* const copy = terms_.tickets ? SSL_SESSION_dup(&session) : nullptr)
        terms_.tickets->put({Tickets::Session(copy), until_}, terms_.generation);
}

net::IoResult TlsLayer::read(net::Wire& wire, std::span<char> into) noexcept {
    const Call call(*this, wire);
    state_.starved = false;
    std::size_t got = 0;
    bool more = true;
    while (more && !failed_ && !ended_ && got < into.size()) {
        std::size_t bytes = 0;
        const int result = SSL_read_ex(ssl_.get(), into.data() + got, into.size() - got, &bytes);
        got += bytes;
        heard(bytes);
        more = result == 1 ? SSL_has_pending(ssl_.get()) == 1 : after(result) == Step::again;
    }
    if (got > 0)
        return {net::IoState::ok, got};
    return {failed_ ? net::IoState::error : ended_ ? net::IoState::end : net::IoState::would_block};
}

/// Of the peer, once greeted. OpenSSL reads on by itself for as long as there is something to read:
/// where the wire says no more, it ends.
void TlsLayer::notice() noexcept {
    state_.refuses = state_.refuses || (peer_ && ++silent_ > most_silent);
}

void TlsLayer::heard(std::size_t bytes) noexcept {
    heard_ += bytes;
    if (heard_ < record)
        return;
    silent_ = 0;
    heard_ = 0;
}

TlsLayer::Step TlsLayer::after(int result) noexcept {
    if (state_.refuses) {
        fail("flood");
        return Step::over;
    }
    switch (SSL_get_error(ssl_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            return state_.starved ? Step::wait : Step::again;  // a message of its own was read
        case SSL_ERROR_ZERO_RETURN:
            ended_ = true;
            return Step::over;
        default:
            fail(word_of_queue());
            return Step::over;
    }
}

net::IoResult TlsLayer::write(net::Wire& wire, std::string_view first,
                              std::string_view second) noexcept {
    if (failed_ || mute_ || finished_)
        return {net::IoState::error, 0};
    if (!flush(wire))
        return {mute_ ? net::IoState::error : net::IoState::would_block, 0};
    Call call(*this, wire);
    std::size_t taken = 0;
    while (pending_.empty() && !mute_ && !failed_ && taken < first.size() + second.size()) {
        const auto of_first = std::min(taken, first.size());
        taken += encrypt(first.substr(of_first), second.substr(taken - of_first));
        call.push();
    }
    return {failed_ || mute_ ? net::IoState::error : net::IoState::ok, taken};
}

/// A head and the first bytes of its body share a record, as they share a send.
std::size_t TlsLayer::encrypt(std::string_view first, std::string_view second) noexcept {
    std::array<char, record> joined;  // NOLINT: filled as far as it is used
    std::string_view bytes = first.empty() ? second : first;
    if (!first.empty() && !second.empty() && first.size() < joined.size()) {
        const auto of_second = second.copy(joined.data() + first.size(), record - first.size());
        first.copy(joined.data(), first.size());
        bytes = {joined.data(), first.size() + of_second};
    }
    std::size_t written = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), std::min(bytes.size(), flight), &written) != 1)
        fail(word_of_queue());
    return written;
}

bool TlsLayer::flush(net::Wire& wire) noexcept {
    if (pending_.empty() || mute_)
        return !mute_;
    const auto sent = wire.send(pending_);
    mute_ = sent.state == net::IoState::error;
    if (mute_ || sent.bytes == pending_.size())
        std::string().swap(pending_);
    else
        pending_.erase(0, sent.bytes);
    return pending_.empty() && !mute_;
}

void TlsLayer::finish(net::Wire& wire) noexcept {
    if (std::exchange(finished_, true) || failed_ || mute_ || !peer_)
        return;
    const Call call(*this, wire);
    SSL_shutdown(ssl_.get());
}

bool TlsLayer::idle(net::Wire& wire) noexcept {
    const Call call(*this, wire);
    state_.starved = false;
    while (!failed_ && !ended_) {
        char byte = 0;
        std::size_t got = 0;
        const int result = SSL_peek_ex(ssl_.get(), &byte, 1, &got);
        if (result == 1)
            return false;
        if (const auto step = after(result); step != Step::again)
            return step == Step::wait;
    }
    return false;
}

bool TlsLayer::holds_input() const noexcept {
    return failed_ || ended_ || (!state_.starved && SSL_has_pending(ssl_.get()) == 1);
}

}  // namespace beta::tls
