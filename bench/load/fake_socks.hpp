// FakeSocks: the server's half of a SOCKS5 handshake (RFC 1928, RFC 1929) that lets everybody in.
#pragma once

#include <string>

namespace beta::bench {

class FakeSocks {
  public:
    enum class State { under_way, connected, refused };

    /// Eats what it understands from the front of `received` and appends its answers to `answer`.
    /// Once connected, whatever is left in `received` belongs to the destination.
    State take(std::string& received, std::string& answer);

  private:
    enum class Step { greeting, credentials, request, connected };

    bool take_greeting(std::string& received, std::string& answer);
    bool take_credentials(std::string& received, std::string& answer);
    bool take_request(std::string& received, std::string& answer);

    Step step_ = Step::greeting;
    bool refused_ = false;
};

}  // namespace beta::bench
