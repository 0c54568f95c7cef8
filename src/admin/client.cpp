#include "beta/admin/client.hpp"

#include "beta/net/listener.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace beta::admin {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t largest_reply = 1 << 20;  // a readiness page has a few lines

/// A non-blocking socket used as a blocking one that gives up at a deadline.
class Wire {
  public:
    Wire(net::Descriptor socket, Clock::time_point deadline)
        : socket_(std::move(socket)), deadline_(deadline) {}

    bool connected() {
        int error = 0;
        socklen_t size = sizeof error;
        if (!wait_for(POLLOUT))
            return false;
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
        return succeeded(error == 0, error);
    }

    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent > 0)
                bytes.remove_prefix(static_cast<std::size_t>(sent));
            else if (!again(POLLOUT))
                return false;
        }
        return true;
    }

    /// To the end of the stream.
    bool receive(std::string& all) {
        std::array<char, 4096> room{};
        while (all.size() <= largest_reply) {
            const auto got = ::recv(socket_.get(), room.data(), room.size(), 0);
            if (got == 0)
                return true;
            if (got > 0)
                all.append(room.data(), static_cast<std::size_t>(got));
            else if (!again(POLLIN))
                return false;
        }
        return succeeded(false, EMSGSIZE);
    }

    std::string why() const { return std::generic_category().message(error_); }

  private:
    bool succeeded(bool good, int error) {
        if (!good)
            error_ = error;
        return good;
    }

    bool again(short events) {
        const int error = errno;  // of the call that just failed: NOLINT(clang-analyzer-unix.Errno)
        if (error == EINTR)
            return true;
        return succeeded(error == EAGAIN || error == EWOULDBLOCK, error) && wait_for(events);
    }

    bool wait_for(short events) {
        for (;;) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now());
            pollfd entry{socket_.get(), events, 0};
            const int found =
                left.count() <= 0 ? 0 : ::poll(&entry, 1, static_cast<int>(left.count()));
            if (found > 0)
                return true;
            if (found == 0)
                return succeeded(false, ETIMEDOUT);
            if (errno != EINTR)
                return succeeded(false, errno);
        }
    }

    net::Descriptor socket_;
    Clock::time_point deadline_;
    int error_ = 0;
};

/// "HTTP/1.1 200 OK…", head, empty line, body to the end: what our own server answers to
/// `Connection: close`.
std::optional<Reply> parse(std::string_view text) {
    constexpr std::string_view version = "HTTP/1.1 ";
    const auto body = text.find("\r\n\r\n");
    if (!text.starts_with(version) || body == text.npos)
        return std::nullopt;
    Reply reply;
    const char* const code = text.data() + version.size();
    const auto [end, error] = std::from_chars(code, code + 3, reply.status);
    if (error != std::errc{} || end != code + 3)
        return std::nullopt;
    reply.body = text.substr(body + 4);
    return reply;
}

}  // namespace

std::expected<Reply, std::string> ask(const model::Endpoint& address, std::string_view target,
                                      std::chrono::milliseconds timeout) {
    const auto failed = [&](const std::string& why) {
        return std::unexpected("no answer from " + address.str() + ": " + why);
    };
    auto socket = net::connect_local(address);
    if (!socket)
        return failed(std::generic_category().message(socket.error()));
    Wire wire(std::move(*socket), Clock::now() + timeout);
    std::string text = "GET ";
    text.append(target).append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if (!wire.connected() || !wire.send(text))
        return failed(wire.why());
    text.clear();
    if (!wire.receive(text))
        return failed(wire.why());
    if (auto reply = parse(text))
        return *reply;
    return failed("what came is not the HTTP of a sidecar");
}

}  // namespace beta::admin
