// Command: one line to tor's control port (control-spec §3), written so that no argument can end it
// or begin another.
#pragma once

#include "beta/model/endpoint.hpp"
#include "beta/model/onion_address.hpp"
#include "beta/torctl/event.hpp"
#include "beta/torctl/onion_keys.hpp"

#include <cstdint>
#include <expected>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::torctl {

/// Why no command can be made from these arguments.
enum class ArgumentError : std::uint8_t {
    control_character,  // CR, LF, NUL and their like, in what is put in quotes
    bad_keyword,        // of GETINFO, GETCONF, SETCONF: letters, digits and "-_/.:" only
    bad_circuit,        // 1..16 letters and digits (control-spec §2.4)
    no_ports,
    port_zero,
    bad_target,  // a unix path with a space, comma, quote or backslash: tor would split it
    too_long,
};

std::string_view sentence(ArgumentError error) noexcept;

enum class Signal : std::uint8_t { reload, shutdown, halt, new_identity, active, dormant };

/// One service that tor is to publish (control-spec §3.27).
struct NewOnion {
    struct Port {
        std::uint16_t virtual_port = 80;
        model::Endpoint target;
    };

    std::optional<OnionKey> key{};  // absent: tor makes one and tells it
    std::vector<Port> ports;
    std::vector<ClientPublicKey> clients{};  // any: only these reach it (V3Auth)
    bool detach = false;                     // outlives the control connection
    std::uint16_t max_streams = 0;           // a circuit; 0: any number
    bool close_circuit_at_max = false;       // else the stream beyond is refused
};

class Command {
  public:
    using Result = std::expected<Command, ArgumentError>;
    struct Setting {
        std::string_view key;
        std::string_view value;  // goes in quotes
    };

    static Command protocol_info();                       // §3.21
    static Command authenticate();                        // §3.5 where tor asks for nothing
    static Command authenticate(std::string_view bytes);  // a cookie or a hash of one, in hex
    static Result authenticate_with_password(std::string_view password);
    static Command auth_challenge(std::string_view nonce);                   // §3.24 SAFECOOKIE
    static Command set_events(std::span<const EventKind> kinds);             // §3.4
    static Result get_info(std::initializer_list<std::string_view> keys);    // §3.9
    static Result get_conf(std::initializer_list<std::string_view> keys);    // §3.3
    static Result set_conf(std::span<const Setting> settings);               // §3.1
    static Result reset_conf(std::initializer_list<std::string_view> keys);  // §3.2
    static Command signal(Signal signal);                                    // §3.7
    static Result add_onion(const NewOnion& onion);                          // §3.27
    static Command del_onion(const model::OnionAddress& address);            // §3.28
    static Command client_auth_add(const model::OnionAddress& address,
                                   const ClientKey& key);                   // §3.30
    static Command client_auth_remove(const model::OnionAddress& address);  // §3.31
    static Command hs_fetch(const model::OnionAddress& address);            // §3.26
    static Result close_circuit(std::string_view id);                       // §3.17
    static Command take_ownership();                                        // §3.23
    static Command quit();

    /// With its CRLF. May hold secrets: not for a log.
    const std::string& bytes() const noexcept { return bytes_; }
    /// "ADD_ONION": what a log may say of it.
    std::string_view verb() const noexcept;

  private:
    explicit Command(std::string line) : bytes_(std::move(line) + "\r\n") {}

    std::string bytes_;
};

}  // namespace beta::torctl
