// Sockets and Poller: just enough of loopback TCP and epoll for a load generator and its backend.
#pragma once

#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace beta::bench {

/// Owns one descriptor.
class Socket {
  public:
    Socket() = default;
    explicit Socket(int fd) noexcept : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket() { close(); }

    int fd() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    void close() noexcept;

  private:
    int fd_ = -1;
};

/// Bytes moved; `again` means that the kernel has no more (room) now, `ended` that the peer is
/// gone.
struct Transfer {
    std::size_t bytes = 0;
    bool again = false;
    bool ended = false;
};

Socket listen_on_loopback();  // port 0; throws std::system_error
std::uint16_t port_of(const Socket& listener);
/// Non-blocking and without delay; empty when nobody waits.
Socket accept_from(const Socket& listener);
/// Begins to connect to 127.0.0.1:port from 127.0.1.`source`, so that a port range is not the
/// limit.
Socket start_connect(std::uint16_t port, std::uint8_t source);
/// The outcome of start_connect once the socket is writable: 0, or an errno.
int connect_result(const Socket& socket);

Transfer send_some(const Socket& socket, std::string_view bytes);
Transfer receive_some(const Socket& socket, std::span<char> into);
/// What is there, which stays there.
Transfer look_at_some(const Socket& socket, std::span<char> into);
/// Throws bytes away inside the kernel, at most `most` of them.
Transfer discard_some(const Socket& socket, std::size_t most);

/// Level-triggered epoll; each descriptor carries a pointer.
class Poller {
  public:
    Poller();

    void add(const Socket& socket, std::uint32_t events, void* tag);
    void change(const Socket& socket, std::uint32_t events, void* tag);
    /// Waits at most `milliseconds` (-1: for ever).
    std::span<const epoll_event> wait(int milliseconds);

  private:
    static constexpr int batch = 256;
    Socket epoll_;
    epoll_event events_[batch];
};

}  // namespace beta::bench
