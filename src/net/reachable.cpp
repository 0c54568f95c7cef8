#include "beta/net/reachable.hpp"

#include "beta/net/listener.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace beta::net {

bool is_reachable(const model::Endpoint& address, std::chrono::milliseconds patience) {
    const auto socket = connect_local(address);
    if (!socket)
        return false;
    pollfd wait{.fd = socket->get(), .events = POLLOUT, .revents = 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) != 1)
        return false;
    int error = 0;
    socklen_t size = sizeof error;
    return ::getsockopt(socket->get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace beta::net
