// Isolation: SOCKS credentials that keep planes and destinations on circuits of their own.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::tor {

struct Credentials {
    std::string user;
    std::string password;
};

/// Tor puts streams with different user or password on different circuits (tor(1),
/// IsolateSOCKSAuth). Both are keyed hashes, so that neither tor's log nor its memory holds a
/// service's name. The key lives as long as the process.
class Isolation {
  public:
    Isolation();  // a random key; throws std::system_error when the kernel has no randomness

    /// Same arguments, same credentials; any difference in plane, service or destination gives
    /// others.
    Credentials credentials(std::string_view plane, std::string_view service,
                            std::string_view destination) const;

  private:
    std::array<char, 32> key_{};
};

}  // namespace beta::tor
