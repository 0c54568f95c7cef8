// Authentication: from a fresh control connection to one that tor obeys, without socket or file.
#pragma once

#include "beta/torctl/command.hpp"
#include "beta/torctl/protocol_info.hpp"
#include "beta/torctl/reply.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace beta::torctl {

/// Fresh random bytes for each connection: they keep an old answer from being played again.
using Nonce = std::array<char, 32>;

/// The way is NULL where tor asks for nothing, else the password where one was given, else
/// SAFECOOKIE. COOKIE is for a tor that offers nothing better; an answer that fails SAFECOOKIE's
/// proof never leads to it, since that would hand the cookie to whoever answered.
class Authentication {
  public:
    /// What the caller does next: exactly one thing.
    struct Action {
        enum class Kind : std::uint8_t {
            send,         // `command`, then pass on the reply
            read_cookie,  // the file `path`, then cookie()
            done,         // tor obeys
            failed,       // close; `fault` says why
        };

        Kind kind = Kind::failed;
        std::optional<Command> command{};
        std::string path{};
        Fault fault{};
    };

    explicit Authentication(Nonce nonce, std::optional<std::string> password = {})
        : nonce_(nonce), password_(std::move(password)) {}

    Action start();  // once, first
    Action receive(const Reply& reply);
    /// The whole file, or nothing when it cannot be read. Longer ones may be cut after 33 bytes.
    Action cookie(std::optional<std::string_view> bytes);

    /// Known once tor has answered PROTOCOLINFO.
    const ProtocolInfo& info() const noexcept { return info_; }

  private:
    enum class Step : std::uint8_t { unstarted, info, cookie, challenge, answer, over };

    Action choose();
    Action prove(const Reply& reply);
    Action send(Command command, Step next);
    Action fail(Fault fault);

    Nonce nonce_;
    std::optional<std::string> password_;
    ProtocolInfo info_;
    std::string cookie_;
    Step step_ = Step::unstarted;
};

/// The two proofs of §3.24. `nonces` is the client's and then the server's.
std::string server_hash(std::string_view cookie, std::string_view nonces);
std::string client_hash(std::string_view cookie, std::string_view nonces);

}  // namespace beta::torctl
