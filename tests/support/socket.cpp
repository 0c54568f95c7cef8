#include "support/socket.hpp"

#include "support/gate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace beta::testing {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int new_socket() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        fail("socket");
    return descriptor;
}

void set_option(int descriptor, int level, int option, int value) {
    if (::setsockopt(descriptor, level, option, &value, sizeof value) != 0)
        fail("setsockopt");
}

void wait_for(int descriptor, short events, const char* what) {
    using std::chrono::milliseconds;
    pollfd wanted{.fd = descriptor, .events = events, .revents = 0};
    const auto bound = std::chrono::duration_cast<milliseconds>(failing_bound).count();
    const int ready = ::poll(&wanted, 1, static_cast<int>(bound));
    if (ready == 0)
        throw TimedOut(what);
    if (ready < 0)
        fail("poll");
}

}  // namespace

Socket Socket::connect(std::uint16_t port) {
    Socket socket(new_socket());
    const sockaddr_in address = loopback(port);
    const auto* generic = reinterpret_cast<const sockaddr*>(&address);
    if (::connect(socket.descriptor_, generic, sizeof address) != 0)
        fail("connect");
    return socket;
}

Socket::Socket(int descriptor) : descriptor_(descriptor) {
    set_option(descriptor_, IPPROTO_TCP, TCP_NODELAY, 1);  // small pieces stay pieces
}

Socket::Socket(Socket&& other) noexcept
    : closing_(std::move(other.closing_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket::~Socket() {
    close();
}

void Socket::send(std::string_view bytes) {
    while (!bytes.empty()) {
        wait_for(descriptor_, POLLOUT, "a peer that does not read");
        const auto sent =
            ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EPIPE || errno == ECONNRESET)
            throw Reset();
        else if (errno != EAGAIN && errno != EINTR)
            fail("send");
    }
}

std::string Socket::receive(std::size_t at_most) {
    std::string bytes(at_most, '\0');
    wait_for(descriptor_, POLLIN, "a peer that does not send");
    const auto size = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
    if (size < 0 && errno == ECONNRESET)
        throw Reset();
    if (size < 0)
        fail("recv");
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
}

void Socket::half_close() {
    ::shutdown(descriptor_, SHUT_WR);
}

void Socket::close() {
    if (descriptor_ < 0)
        return;
    const std::lock_guard lock(*closing_);
    ::close(std::exchange(descriptor_, -1));
}

void Socket::reset() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void Socket::interrupt() {
    const std::lock_guard lock(*closing_);  // else the number might be another's by now
    if (descriptor_ >= 0)
        ::shutdown(descriptor_, SHUT_RDWR);
}

void Socket::shrink_buffers(int bytes) {
    set_option(descriptor_, SOL_SOCKET, SO_RCVBUF, bytes);
    set_option(descriptor_, SOL_SOCKET, SO_SNDBUF, bytes);
}

Listener::Listener(std::uint16_t port) : descriptor_(new_socket()) {
    set_option(descriptor_, SOL_SOCKET, SO_REUSEADDR, 1);
    sockaddr_in address = loopback(port);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (::bind(descriptor_, generic, size) != 0 || ::listen(descriptor_, SOMAXCONN) != 0 ||
        ::getsockname(descriptor_, generic, &size) != 0) {
        ::close(descriptor_);
        fail("listen");
    }
    port_ = ntohs(address.sin_port);
}

Listener::~Listener() {
    ::close(descriptor_);
}

std::optional<Socket> Listener::accept() {
    for (;;) {
        const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
        if (descriptor >= 0)
            return Socket(descriptor);
        if (errno != ECONNABORTED && errno != EINTR)
            return std::nullopt;
    }
}

void Listener::stop() {
    ::shutdown(descriptor_, SHUT_RDWR);
}

}  // namespace beta::testing
