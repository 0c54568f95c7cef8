#include "beta/torctl/command.hpp"

#include "beta/torctl/quoted.hpp"

#include <algorithm>

namespace beta::torctl {
namespace {

constexpr std::size_t longest_argument = 4096;

bool is_alphanumeric(char c) noexcept {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out.append({digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

std::optional<ArgumentError> check_text(std::string_view text) noexcept {
    if (text.size() > longest_argument)
        return ArgumentError::too_long;
    if (std::ranges::any_of(text, is_control))
        return ArgumentError::control_character;
    return {};
}

bool is_keyword(std::string_view key) noexcept {
    return !key.empty() && key.size() <= longest_argument && std::ranges::all_of(key, [](char c) {
        return is_alphanumeric(c) || std::string_view("-_/.:").contains(c);
    });
}

/// "GETINFO" and keywords. The verb is ours.
std::expected<std::string, ArgumentError> with_keywords(
    std::string line, std::initializer_list<std::string_view> keys) {
    for (const auto key : keys) {
        if (!is_keyword(key))
            return std::unexpected(ArgumentError::bad_keyword);
        line.append(1, ' ').append(key);
    }
    return line;
}

/// "…".onion without its suffix.
std::string service_id(const model::OnionAddress& address) {
    const std::string_view text = address.disclose();
    return std::string(text.substr(0, text.find('.')));
}

/// ADD_ONION's arguments are words: nothing in a path may end one.
bool fits_a_word(std::string_view text) noexcept {
    return text.size() <= longest_argument && std::ranges::none_of(text, [](char c) {
               return is_control(c) || std::string_view(" ,\"\\").contains(c);
           });
}

std::string flags_of(const NewOnion& onion) {
    std::string flags;
    const auto add = [&](bool wanted, std::string_view flag) {
        if (wanted)
            flags.append(flags.empty() ? " Flags=" : ",").append(flag);
    };
    add(onion.detach, "Detach");
    add(!onion.clients.empty(), "V3Auth");
    add(onion.close_circuit_at_max, "MaxStreamsCloseCircuit");
    return flags;
}

}  // namespace

std::string_view sentence(ArgumentError error) noexcept {
    switch (error) {
        case ArgumentError::control_character:
            return "what is sent to tor in quotes must not hold control characters";
        case ArgumentError::bad_keyword:
            return "a keyword for tor has letters, digits and -_/.: only";
        case ArgumentError::bad_circuit:
            return "a circuit is named by 1 to 16 letters and digits";
        case ArgumentError::no_ports:
            return "an onion service needs a port";
        case ArgumentError::port_zero:
            return "port 0 cannot be a port of an onion service or its target";
        case ArgumentError::bad_target:
            return "the unix path behind an onion service must not hold spaces, commas, quotes or "
                   "backslashes";
        case ArgumentError::too_long:
            return "an argument for tor has at most 4096 bytes";
    }
    return "unknown";
}

std::string_view Command::verb() const noexcept {
    return std::string_view(bytes_).substr(0, bytes_.find_first_of(" \r"));
}

Command Command::protocol_info() {
    return Command("PROTOCOLINFO 1");
}

Command Command::authenticate() {
    return Command("AUTHENTICATE");
}

Command Command::authenticate(std::string_view bytes) {
    return Command("AUTHENTICATE " + hex(bytes));
}

Command::Result Command::authenticate_with_password(std::string_view password) {
    if (const auto error = check_text(password))
        return std::unexpected(*error);
    return Command("AUTHENTICATE " + quoted(password));
}

Command Command::auth_challenge(std::string_view nonce) {
    return Command("AUTHCHALLENGE SAFECOOKIE " + hex(nonce));
}

Command Command::set_events(std::span<const EventKind> kinds) {
    std::string line = "SETEVENTS";
    for (const auto kind : kinds) {
        if (const auto word = keyword(kind); !word.empty())
            line.append(1, ' ').append(word);
    }
    return Command(std::move(line));
}

Command::Result Command::get_info(std::initializer_list<std::string_view> keys) {
    auto line = with_keywords("GETINFO", keys);
    if (!line)
        return std::unexpected(line.error());
    return Command(std::move(*line));
}

Command::Result Command::get_conf(std::initializer_list<std::string_view> keys) {
    auto line = with_keywords("GETCONF", keys);
    if (!line)
        return std::unexpected(line.error());
    return Command(std::move(*line));
}

Command::Result Command::reset_conf(std::initializer_list<std::string_view> keys) {
    auto line = with_keywords("RESETCONF", keys);
    if (!line)
        return std::unexpected(line.error());
    return Command(std::move(*line));
}

Command::Result Command::set_conf(std::span<const Setting> settings) {
    std::string line = "SETCONF";
    for (const auto& setting : settings) {
        if (!is_keyword(setting.key))
            return std::unexpected(ArgumentError::bad_keyword);
        if (const auto error = check_text(setting.value))
            return std::unexpected(*error);
        line.append(1, ' ').append(setting.key).append(1, '=').append(quoted(setting.value));
    }
    return Command(std::move(line));
}

Command Command::signal(Signal signal) {
    constexpr std::string_view names[] = {"RELOAD", "SHUTDOWN", "HALT",
                                          "NEWNYM", "ACTIVE",   "DORMANT"};
    return Command("SIGNAL " + std::string(names[static_cast<std::size_t>(signal)]));
}

Command::Result Command::add_onion(const NewOnion& onion) {
    if (onion.ports.empty())
        return std::unexpected(ArgumentError::no_ports);
    std::string line = "ADD_ONION ";
    line += onion.key ? "ED25519-V3:" + onion.key->disclose() : "NEW:ED25519-V3";
    line += flags_of(onion);
    if (onion.max_streams != 0)
        line.append(" MaxStreams=").append(std::to_string(onion.max_streams));
    for (const auto& port : onion.ports) {
        const bool is_path = port.target.kind() == model::Endpoint::Kind::unix_path;
        if (port.virtual_port == 0 || (!is_path && port.target.port() == 0))
            return std::unexpected(ArgumentError::port_zero);
        if (!fits_a_word(port.target.str()))
            return std::unexpected(ArgumentError::bad_target);
        line.append(" Port=").append(std::to_string(port.virtual_port));
        line.append(1, ',').append(port.target.str());
    }
    for (const auto& client : onion.clients)
        line.append(" ClientAuthV3=").append(client.text());
    return Command(std::move(line));
}

Command Command::del_onion(const model::OnionAddress& address) {
    return Command("DEL_ONION " + service_id(address));
}

Command Command::client_auth_add(const model::OnionAddress& address, const ClientKey& key) {
    return Command("ONION_CLIENT_AUTH_ADD " + service_id(address) + " x25519:" + key.disclose());
}

Command Command::client_auth_remove(const model::OnionAddress& address) {
    return Command("ONION_CLIENT_AUTH_REMOVE " + service_id(address));
}

Command Command::hs_fetch(const model::OnionAddress& address) {
    return Command("HSFETCH " + service_id(address));
}

Command::Result Command::close_circuit(std::string_view id) {
    constexpr std::size_t longest_id = 16;
    if (id.empty() || id.size() > longest_id || !std::ranges::all_of(id, is_alphanumeric))
        return std::unexpected(ArgumentError::bad_circuit);
    return Command("CLOSECIRCUIT " + std::string(id));
}

Command Command::take_ownership() {
    return Command("TAKEOWNERSHIP");
}

Command Command::quit() {
    return Command("QUIT");
}

}  // namespace beta::torctl
