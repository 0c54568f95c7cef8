// ServiceManager: the end of systemd that hears sd_notify's datagrams, on a real socket.
#pragma once

#include "support/files.hpp"
#include "support/gate.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

namespace beta::testing {

class ServiceManager {
  public:
    enum class Name { file, abstract };  // of the socket

    explicit ServiceManager(Name name = Name::file)
        : address_((name == Name::file ? "" : "@") + (files_.root() / "notify").string()),
          socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un at{};
        at.sun_family = AF_UNIX;
        std::ranges::copy(address_, at.sun_path);
        if (name == Name::abstract)
            at.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
        if (::bind(socket_, reinterpret_cast<const sockaddr*>(&at), size) != 0)
            throw std::runtime_error("bind " + address_);
    }
    ~ServiceManager() { ::close(socket_); }
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    /// As NOTIFY_SOCKET has it.
    const std::string& address() const noexcept { return address_; }

    /// The next datagram, or nothing when none comes for so long.
    std::string heard_within(std::chrono::milliseconds time) const {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, static_cast<int>(time.count())) <= 0)
            return {};
        std::array<char, 4096> room{};
        const auto got = ::recv(socket_, room.data(), room.size(), 0);
        return {room.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
    }
    /// The next datagram that has `part`, past all others.
    std::string heard(const std::string& part = {}) const {
        for (;;) {
            const auto text = heard_within(failing_bound);
            if (text.empty())
                throw TimedOut("no word with \"" + part + "\"");
            if (text.find(part) != text.npos)
                return text;
        }
    }

  private:
    Files files_;
    std::string address_;
    int socket_;
};

}  // namespace beta::testing
