// Connect: the client's half of a SOCKS5 handshake (RFC 1928, RFC 1929), without socket or clock.
#pragma once

#include "beta/socks/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace beta::socks {

/// Why no handshake can be made from these arguments.
enum class ArgumentError : std::uint8_t {
    domain_length,      // 1..255 bytes (RFC 1928 §5: one length byte)
    domain_character,   // letters, digits, '-', '_' and inner dots only
    domain_is_address,  // its last label begins with a digit: an address would escape the name
                        // rules
    port_zero,
    user_length,    // 1..255 bytes (RFC 1929 §2)
    user_reserved,  // "<torS0X>" selects Tor's extended format (socks-extensions.txt §2)
    password_length,
};

std::string_view sentence(ArgumentError error) noexcept;

/// What the caller does next: exactly one thing.
struct Action {
    enum class Kind : std::uint8_t {
        send,       // `bytes`, then read
        need_more,  // read
        connected,  // the stream to the destination begins; nothing of it has been read
        failed,     // close; `fault` says why
    };

    Kind kind = Kind::need_more;
    std::string_view bytes{};  // send: views into the Connect, valid until it moves or dies
    Fault fault = Fault::none;
};

/// One handshake. The only address type ever sent is a domain name, so no name is resolved here,
/// and the only method offered is user and password, so Tor isolates the stream by them. Messages
/// go one at a time: tor 0.4.9 forgets its method answer when greeting and credentials come in one
/// piece. Not thread-safe; no clock: a caller that has waited long enough drops it.
class Connect {
  public:
    static std::expected<Connect, ArgumentError> make(std::string_view domain, std::uint16_t port,
                                                      std::string_view user,
                                                      std::string_view password);

    /// The greeting to send. Once, first.
    Action start() noexcept;
    /// Bytes from the port, in pieces of any size. Bytes beyond the message that is due are a
    /// failure, never dropped: we have not spoken yet, so nothing may come.
    Action receive(std::string_view bytes) noexcept;
    /// How many bytes at least the message that is due still has: whoever reads no more at once
    /// never takes one of the stream's own.
    std::size_t due() const noexcept;
    /// The request is out, and what follows it is the stream's: tor keeps that for the destination
    /// while it finds a way there (proposal 181).
    bool has_asked() const noexcept { return step_ == Step::reply; }
    /// The port ended the stream.
    Action closed() noexcept;

  private:
    enum class Step : std::uint8_t { unstarted, method, credentials, reply, connected, failed };

    Connect(std::string credentials, std::string request) noexcept
        : credentials_(std::move(credentials)), request_(std::move(request)) {}

    Action take(std::uint8_t byte) noexcept;
    Action take_first(std::uint8_t byte) noexcept;
    Action take_http(std::uint8_t byte) noexcept;
    Action take_method(std::uint8_t byte) noexcept;
    Action take_status(std::uint8_t byte) noexcept;
    Action take_reply(std::uint8_t byte) noexcept;
    Action take_address_type(std::uint8_t byte) noexcept;
    Action send(std::string_view bytes, Step next) noexcept;
    Action fail(Fault fault) noexcept;

    std::string credentials_;   // RFC 1929 §2 message
    std::string request_;       // RFC 1928 §4 message
    std::size_t received_ = 0;  // bytes of the message that is due
    std::size_t expected_ = 0;  // length of the reply, once known
    Step step_ = Step::unstarted;
    Fault fault_ = Fault::none;
    bool http_ = false;  // what has come so far begins "HTTP/"
};

}  // namespace beta::socks
