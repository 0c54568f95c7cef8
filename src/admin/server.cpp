#include "beta/admin/server.hpp"

#include "parts.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <system_error>
#include <utility>

namespace beta::admin {
namespace {

namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

int family_of(int fd) {
    int family = AF_INET;
    socklen_t size = sizeof family;
    ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size);
    return family;
}

constexpr std::chrono::milliseconds breath{100};  // when the process is short of descriptors

}  // namespace

Server::Parts::Parts(net::Descriptor socket, Hooks given, ServerLimits bounds)
    : hooks(std::move(given)), limits(bounds), bound(std::move(socket)) {}

/// Never ends by itself: an accept that fails is tried again after a breath.
asio::awaitable<void> Server::Parts::accept_all() {
    asio::steady_timer pause(context);
    while (acceptor.is_open()) {
        auto [error, socket] = co_await acceptor.async_accept(as_result);
        if (!error) {
            open(std::move(socket));
        } else if (error != asio::error::operation_aborted) {
            pause.expires_after(breath);
            co_await pause.async_wait(as_result);
        }
    }
}

void Server::Parts::open(Protocol::socket socket) {
    if (connections >= limits.connections)
        return;  // the socket closes here
    ++connections;
    asio::co_spawn(context, serve(std::move(socket)), [this](const std::exception_ptr&) {
        --connections;  // a fault of one connection ends that one
    });
}

void Server::Parts::run() {
    ::pthread_setname_np(::pthread_self(), "admin");
    context.run();
}

Server::Server(net::Descriptor bound, Hooks hooks, ServerLimits limits)
    : parts_(std::make_shared<Parts>(std::move(bound), std::move(hooks), limits)) {}

Server::~Server() {
    stop();
}

void Server::start() {
    auto& parts = *parts_;
    const int fd = ::dup(parts.bound.get());
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), "dup");
    parts.acceptor.assign(Protocol(family_of(fd), 0), fd);
    parts.acceptor.listen();
    asio::co_spawn(parts.context, parts.accept_all(), [](const std::exception_ptr&) {});
    parts.thread = std::thread([&parts] { parts.run(); });
}

void Server::stop() {
    if (!parts_ || !parts_->thread.joinable())
        return;
    parts_->context.stop();
    parts_->thread.join();
    parts_.reset();  // with every connection
}

}  // namespace beta::admin
