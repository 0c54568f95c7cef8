// Listener: accepts downstream connections on one worker, up to a cap, without ever blocking.
#pragma once

#include "beta/model/endpoint.hpp"
#include "beta/net/descriptor.hpp"
#include "beta/runtime/poller.hpp"

#include <expected>
#include <functional>
#include <string>

namespace beta::net {

/// Binds without listening: a port is taken, no connection can come yet. With `reuse_port` several
/// workers bind the same address and the kernel spreads connections (SO_REUSEPORT). The error is a
/// sentence with the address.
std::expected<Descriptor, std::string> bind_listener(const model::Endpoint& address,
                                                     bool reuse_port);
/// The address that was really bound ("127.0.0.1:43123").
std::string bound_address(const Descriptor& socket);
/// Starts a connect to a local endpoint (tor's SOCKS port, the app); it may still be in progress.
/// errno on failure.
std::expected<Descriptor, int> connect_local(const model::Endpoint& address);

class Listener final : public runtime::Pollable {
  public:
    using Accept = std::function<void(Descriptor)>;

    Listener(runtime::Poller& poller, Descriptor socket, Accept accept);
    ~Listener() override;

    void listen() noexcept;  // lets connections come, and resumes
    void resume() noexcept;  // registers
    void pause() noexcept;   // at the cap, or short of descriptors: the backlog keeps what comes
    void close() noexcept;   // stops listening for good; what the backlog holds is reset
    /// Accepts what the backlog holds, also beyond the cap, and then stops listening for good: a
    /// client that the kernel has shaken hands with may have sent its request.
    void finish();
    bool open() const noexcept { return static_cast<bool>(socket_); }

  private:
    void ready(std::uint32_t events) override;
    bool accept_one();  // false when there is none, or none can be taken

    runtime::Poller& poller_;
    Descriptor socket_;
    Accept accept_;
    bool watching_ = false;
};

}  // namespace beta::net
