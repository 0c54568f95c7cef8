#include "beta/net/listener.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace beta::net {
namespace {

constexpr int accepts_in_a_row = 64;  // then established connections get their turn

}  // namespace

Listener::Listener(runtime::Poller& poller, Descriptor socket, Accept accept)
    : poller_(poller), socket_(std::move(socket)), accept_(std::move(accept)) {}

Listener::~Listener() {
    close();
}

void Listener::listen() noexcept {
    ::listen(socket_.get(), SOMAXCONN);  // of a bound socket: nothing left to go wrong
    resume();
}

void Listener::resume() noexcept {
    if (socket_ && !watching_)
        watching_ = poller_.add_level(socket_.get(), *this);
}

void Listener::pause() noexcept {
    if (socket_ && watching_)
        poller_.remove(socket_.get());
    watching_ = false;
}

void Listener::close() noexcept {
    pause();
    socket_.reset();
}

void Listener::finish() {
    for (int i = 0; i < SOMAXCONN && accept_one(); ++i) {
    }
    close();
}

void Listener::ready(std::uint32_t) {
    for (int i = 0; i < accepts_in_a_row && watching_ && accept_one(); ++i) {
    }
}

bool Listener::accept_one() {
    if (!socket_)
        return false;
    Descriptor fd(::accept4(socket_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!fd) {
        if (errno == EINTR || errno == ECONNABORTED)
            return true;
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause();  // the owner resumes on its next tick
        return false;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on unix sockets
    accept_(std::move(fd));
    return true;
}

}  // namespace beta::net
