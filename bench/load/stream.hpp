// Stream: a socket, with TLS on it or without; what it moves is always in clear.
#pragma once

#include "sockets.hpp"
#include "tls.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace beta::bench {

class Stream {
  public:
    Stream() = default;
    explicit Stream(Socket socket) noexcept : socket_(std::move(socket)) {}

    const Socket& socket() const noexcept { return socket_; }
    explicit operator bool() const noexcept { return static_cast<bool>(socket_); }

    /// From here on by TLS; greet() until it no longer says `again`.
    void secure(const Tls& tls, bool resumed) { ssl_ = tls.connection(socket_.fd(), resumed); }
    Transfer greet();
    bool resumed() const noexcept { return ssl_ && SSL_session_reused(ssl_.get()) == 1; }

    Transfer send(std::string_view bytes);
    /// Of TLS, one record at most: `into` must hold one, or the poller hears nothing of the rest.
    Transfer receive(std::span<char> into);
    /// Throws away at most `most` bytes; of TLS, one record.
    Transfer discard(std::size_t most);
    void close() noexcept;

  private:
    Transfer outcome(int result, std::size_t bytes) const noexcept;

    Socket socket_;
    std::unique_ptr<SSL, FreeTls> ssl_;
};

}  // namespace beta::bench
