#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace beta::bench {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address(std::uint32_t host, std::uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr.s_addr = htonl(host);
    result.sin_port = htons(port);
    return result;
}

void set(const Socket& socket, int level, int option) {
    const int on = 1;
    if (::setsockopt(socket.fd(), level, option, &on, sizeof on) != 0)
        fail("setsockopt");
}

Transfer outcome(ssize_t done, bool zero_is_end) {
    if (done > 0 || (done == 0 && !zero_is_end))
        return {.bytes = static_cast<std::size_t>(done)};
    if (done < 0 && (errno == EAGAIN || errno == EINTR))
        return {.again = true};
    return {.ended = true};
}

}  // namespace

void Socket::close() noexcept {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

Socket listen_on_loopback() {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        fail("socket");
    const auto at = address(INADDR_LOOPBACK, 0);
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0)
        fail("bind");
    if (::listen(socket.fd(), 4096) != 0)
        fail("listen");
    return socket;
}

std::uint16_t port_of(const Socket& listener) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    if (::getsockname(listener.fd(), reinterpret_cast<sockaddr*>(&at), &size) != 0)
        fail("getsockname");
    return ntohs(at.sin_port);
}

Socket accept_from(const Socket& listener) {
    Socket socket(::accept4(listener.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket)
        set(socket, IPPROTO_TCP, TCP_NODELAY);
    return socket;
}

Socket start_connect(std::uint16_t port, std::uint8_t source) {
    Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket)
        fail("socket");
    set(socket, IPPROTO_TCP, TCP_NODELAY);
    set(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    const auto from = address(0x7F000100u + source, 0);
    if (::bind(socket.fd(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0)
        fail("bind");
    const auto to = address(INADDR_LOOPBACK, port);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 &&
        errno != EINPROGRESS)
        socket.close();
    return socket;
}

int connect_result(const Socket& socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

Transfer send_some(const Socket& socket, std::string_view bytes) {
    return outcome(::send(socket.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL), false);
}

Transfer receive_some(const Socket& socket, std::span<char> into) {
    return outcome(::recv(socket.fd(), into.data(), into.size(), 0), true);
}

Transfer look_at_some(const Socket& socket, std::span<char> into) {
    return outcome(::recv(socket.fd(), into.data(), into.size(), MSG_PEEK), true);
}

Transfer discard_some(const Socket& socket, std::size_t most) {
    return outcome(::recv(socket.fd(), nullptr, most, MSG_TRUNC), true);
}

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    if (!epoll_)
        fail("epoll_create1");
}

void Poller::add(const Socket& socket, std::uint32_t events, void* tag) {
    epoll_event event{.events = events, .data = {.ptr = tag}};
    if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_ADD, socket.fd(), &event) != 0)
        fail("epoll_ctl");
}

void Poller::change(const Socket& socket, std::uint32_t events, void* tag) {
    epoll_event event{.events = events, .data = {.ptr = tag}};
    if (::epoll_ctl(epoll_.fd(), EPOLL_CTL_MOD, socket.fd(), &event) != 0)
        fail("epoll_ctl");
}

std::span<const epoll_event> Poller::wait(int milliseconds) {
    const int count = ::epoll_wait(epoll_.fd(), events_, batch, milliseconds);
    if (count < 0 && errno != EINTR)
        fail("epoll_wait");
    return {events_, count < 0 ? 0u : static_cast<std::size_t>(count)};
}

}  // namespace beta::bench
