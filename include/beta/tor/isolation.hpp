// Isolation: SOCKS credentials that keep planes, destinations and circuits apart.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::tor {

struct Credentials {
    std::string user;
    std::string password;
};

/// Changes when a circuit is to be left for another one.
struct Epoch {
    std::uint64_t turn = 0;   // by the schedule, the same for all workers
    std::uint64_t fresh = 0;  // of Isolation::fresh(), when it could not wait for the schedule

    bool operator==(const Epoch&) const = default;
};

/// Whose streams, to whom, and by which of the circuits there.
struct CircuitName {
    std::string_view plane;
    std::string_view service;
    std::string_view destination;
    std::uint32_t circuit = 0;
    Epoch epoch{};
};

/// Tor puts streams with different user or password on different circuits (tor(1),
/// IsolateSOCKSAuth). Both are keyed hashes, so that neither tor's log nor its memory holds a
/// service's name, and none begins as one of tor's own commands would ("<torS0X>"). The key lives
/// as long as the process. Any thread.
class Isolation {
  public:
    Isolation();  // a random key; throws std::system_error when the kernel has no randomness

    /// Same name, same credentials; any difference gives others.
    Credentials credentials(const CircuitName& name) const;
    /// A number no epoch has had: not even another worker has been on the circuit it leads to.
    std::uint64_t fresh() const noexcept { return ++fresh_; }
    /// A path that only this process knows, and answers at its ingress: whoever asks for it by an
    /// onion learns that the onion leads here.
    std::string self_path() const;

  private:
    std::array<char, 32> key_{};
    mutable std::atomic<std::uint64_t> fresh_ = 0;
};

}  // namespace beta::tor
