#include "beta/net/stream.hpp"

#include <linux/sockios.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace beta::net {
namespace {

/// An edge comes once: a call that a signal cut short is made again, not left for the next
/// readiness.
template <class Call>
ssize_t restarted(Call call) noexcept {
    ssize_t result = 0;
    do {
        result = call();
    } while (result < 0 && errno == EINTR);
    return result;
}

}  // namespace

void Descriptor::reset() noexcept {
    if (fd_ >= 0)
        ::close(fd_);
    fd_ = -1;
}

Stream::Stream(runtime::Poller& poller, Descriptor fd) : poller_(poller), fd_(std::move(fd)) {}

Stream::~Stream() = default;  // closing the descriptor ends its registration

bool Stream::watch() noexcept {
    watched_ = watched_ || poller_.add(fd_.get(), *this);
    return watched_;
}

void Stream::ready(std::uint32_t events) {
    if (!fd_)
        return;  // closed earlier in this batch
    if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        hung_up_ = readable_ = true;
    if ((events & (EPOLLHUP | EPOLLERR)) != 0)
        broken_ = true;
    if ((events & EPOLLIN) != 0)
        readable_ = true;
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
        writable_ = true;
    if (layer_ && writable_ && !flushed())
        layer_->flush(*this);
    if (owner_ != nullptr)
        owner_->stream_ready();
}

Greeting Stream::greet() {
    return layer_ ? layer_->greet(*this) : Greeting::done;
}

IoResult Stream::read(std::span<char> into) noexcept {
    if (!layer_)
        return receive(into);
    const auto result = layer_->read(*this, into);
    hung_up_ = hung_up_ || result.state == IoState::end;
    return result;
}

IoResult Stream::write(std::string_view first, std::string_view second) noexcept {
    return layer_ ? layer_->write(*this, first, second) : send(first, second);
}

IoResult Stream::receive(std::span<char> into) noexcept {
    const auto got = restarted([&] { return ::recv(fd_.get(), into.data(), into.size(), 0); });
    if (got > 0) {
        // A short read has drained the socket: the next byte makes a new edge. Not so once the peer
        // has closed: data and FIN can share one edge.
        if (static_cast<std::size_t>(got) < into.size() && !hung_up_)
            readable_ = false;
        return {IoState::ok, static_cast<std::size_t>(got)};
    }
    if (got == 0)
        return {IoState::end, 0};
    readable_ = false;
    return {errno == EAGAIN ? IoState::would_block : IoState::error, 0};
}

IoResult Stream::send(std::string_view first, std::string_view second) noexcept {
    std::array<iovec, 2> parts{iovec{const_cast<char*>(first.data()), first.size()},
                               iovec{const_cast<char*>(second.data()), second.size()}};
    msghdr message{};
    message.msg_iov = first.empty() ? &parts[1] : parts.data();
    message.msg_iovlen = (first.empty() ? 0u : 1u) + (second.empty() ? 0u : 1u);
    const auto sent = restarted([&] { return ::sendmsg(fd_.get(), &message, MSG_NOSIGNAL); });
    if (sent >= 0) {
        if (static_cast<std::size_t>(sent) < first.size() + second.size())
            writable_ = false;
        return {IoState::ok, static_cast<std::size_t>(sent)};
    }
    if (errno == EAGAIN) {
        writable_ = false;
        return {IoState::would_block, 0};
    }
    return {IoState::error, 0};
}

void Stream::close() noexcept {
    owner_ = nullptr;
    poller_.forget(*this);
    if (layer_ && fd_ && !cut_)
        layer_->finish(*this);
    fd_.reset();
}

void Stream::shutdown_write() noexcept {
    if (layer_ && layer_->peer() != nullptr)
        layer_->finish(*this);  // and no FIN: tor ends both directions at one
    else
        ::shutdown(fd_.get(), SHUT_WR);
}

void Stream::reset_on_close() noexcept {
    cut_ = true;
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

bool Stream::still_idle() noexcept {
    if (layer_)
        return !hung_up_ && layer_->idle(*this);
    char byte = 0;
    if (hung_up_ || ::recv(fd_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN)
        return false;
    readable_ = false;
    return true;
}

std::size_t Stream::unsent() const noexcept {
    int bytes = 0;
    if (::ioctl(fd_.get(), SIOCOUTQ, &bytes) != 0)
        bytes = 0;
    return static_cast<std::size_t>(bytes) + (layer_ ? layer_->unsent() : 0);
}

int Stream::connect_error() const noexcept {
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return errno;
    return error;
}

void StreamCloser::operator()(Stream* stream) const noexcept {
    stream->close();
    poller->retire(std::unique_ptr<runtime::Retirable>(stream));
}

StreamHandle make_stream(runtime::Poller& poller, Descriptor fd) {
    return {new Stream(poller, std::move(fd)), StreamCloser{&poller}};
}

}  // namespace beta::net
