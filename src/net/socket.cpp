#include "beta/net/listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace beta::net {
namespace {

struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    const sockaddr* get() const noexcept { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// Endpoint::parse has checked the literal; nothing here asks a resolver.
Address to_address(const model::Endpoint& endpoint) noexcept {
    Address result;
    if (endpoint.kind() == model::Endpoint::Kind::ipv4) {
        auto* const v4 = reinterpret_cast<sockaddr_in*>(&result.storage);
        v4->sin_family = AF_INET;
        v4->sin_port = htons(endpoint.port());
        ::inet_pton(AF_INET, endpoint.host().c_str(), &v4->sin_addr);
        result.size = sizeof *v4;
    } else if (endpoint.kind() == model::Endpoint::Kind::ipv6) {
        auto* const v6 = reinterpret_cast<sockaddr_in6*>(&result.storage);
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(endpoint.port());
        ::inet_pton(AF_INET6, endpoint.host().c_str(), &v6->sin6_addr);
        result.size = sizeof *v6;
    } else {
        auto* const path = reinterpret_cast<sockaddr_un*>(&result.storage);
        path->sun_family = AF_UNIX;
        endpoint.host().copy(path->sun_path, sizeof path->sun_path - 1);
        result.size = sizeof *path;
    }
    return result;
}

std::unexpected<std::string> failed(const model::Endpoint& address, const char* what) {
    const auto reason = std::generic_category().message(errno);
    return std::unexpected("cannot " + std::string(what) + " " + address.str() + ": " + reason);
}

/// A socket file that nobody serves any more is in the way of bind; one that is served is not ours
/// to take.
void remove_stale_socket(const model::Endpoint& address) {
    struct stat info{};
    if (address.kind() != model::Endpoint::Kind::unix_path ||
        ::stat(address.host().c_str(), &info) != 0 || !S_ISSOCK(info.st_mode))
        return;
    const auto probe = connect_local(address);
    if (!probe && probe.error() == ECONNREFUSED)
        ::unlink(address.host().c_str());
}

}  // namespace

std::expected<Descriptor, std::string> bind_listener(const model::Endpoint& address,
                                                     bool reuse_port) {
    remove_stale_socket(address);
    const auto to = to_address(address);
    Descriptor fd(::socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd)
        return failed(address, "make a socket for");
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (reuse_port && address.kind() != model::Endpoint::Kind::unix_path &&
        ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0)
        return failed(address, "share");
    if (::bind(fd.get(), to.get(), to.size) != 0)
        return failed(address, "bind");
    return fd;
}

std::string bound_address(const Descriptor& socket) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        const auto* const v4 = reinterpret_cast<const sockaddr_in*>(&storage);
        ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
        return std::string(text.data()) + ":" + std::to_string(ntohs(v4->sin_port));
    }
    if (storage.ss_family == AF_INET6) {
        const auto* const v6 = reinterpret_cast<const sockaddr_in6*>(&storage);
        ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
        return "[" + std::string(text.data()) + "]:" + std::to_string(ntohs(v6->sin6_port));
    }
    return std::string("unix:") + reinterpret_cast<const sockaddr_un*>(&storage)->sun_path;
}

std::expected<Descriptor, int> connect_local(const model::Endpoint& address) {
    const auto to = to_address(address);
    Descriptor fd(::socket(to.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd)
        return std::unexpected(errno);
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on unix sockets
    if (::connect(fd.get(), to.get(), to.size) != 0 && errno != EINPROGRESS)
        return std::unexpected(errno);
    return fd;
}

}  // namespace beta::net
