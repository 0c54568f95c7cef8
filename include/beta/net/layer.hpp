// Layer: what a stream's bytes pass through on their way to the socket: TLS, or nothing.
#pragma once

#include "beta/model/identity.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace beta::net {

enum class IoState : std::uint8_t { ok, would_block, end, error };

struct IoResult {
    IoState state = IoState::ok;
    std::size_t bytes = 0;
};

/// The socket below a layer. Remembers readiness as Stream does.
class Wire {
  public:
    virtual ~Wire() = default;
    virtual IoResult receive(std::span<char> into) noexcept = 0;
    virtual IoResult send(std::string_view first, std::string_view second = {}) noexcept = 0;
};

enum class Greeting : std::uint8_t { under_way, done, failed };

/// Who is at the other end, as a layer has proved it.
struct Peer {
    model::Identity identity;
    /// The proof holds no longer than this.
    std::chrono::system_clock::time_point until;
};

/// Belongs to one stream; its worker's thread. After a failure every call says error.
class Layer {
  public:
    virtual ~Layer() = default;

    /// Goes on with the handshake as far as the wire lets it. No byte of either side's passes
    /// before it is done.
    virtual Greeting greet(Wire& wire) = 0;
    /// Set once greeted.
    virtual const Peer* peer() const noexcept = 0;
    /// Why it failed, in one word of a fixed set: for metrics.
    virtual std::string_view fault() const noexcept = 0;
    virtual bool resumed() const noexcept = 0;
    /// How long from now what peer() says is relied upon: `most`, or until the proof ends.
    std::chrono::milliseconds relied_upon(std::chrono::milliseconds most) const noexcept {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            peer()->until - std::chrono::system_clock::now());
        return std::clamp(left, std::chrono::milliseconds{0}, most);
    }

    virtual IoResult read(Wire& wire, std::span<char> into) noexcept = 0;
    /// What is taken may still wait here for room on the wire; nothing more is taken then.
    virtual IoResult write(Wire& wire, std::string_view first,
                           std::string_view second) noexcept = 0;
    /// Pushes what waits; false when something still does.
    virtual bool flush(Wire& wire) noexcept = 0;
    /// Says that no more will come, in a way that cannot be forged by cutting the wire.
    virtual void finish(Wire& wire) noexcept = 0;

    /// Nothing of the peer's waits to be read: no byte, no end, no failure.
    virtual bool idle(Wire& wire) noexcept = 0;
    /// read() has something to work on without asking the wire.
    virtual bool holds_input() const noexcept = 0;
    virtual std::size_t unsent() const noexcept = 0;
};

}  // namespace beta::net
