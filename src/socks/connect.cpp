#include "beta/socks/connect.hpp"

#include <algorithm>
#include <utility>

namespace beta::socks {
namespace {

using Kind = Action::Kind;
using namespace std::string_view_literals;

constexpr std::uint8_t socks_version = 5;
constexpr std::uint8_t credentials_version = 1;
constexpr std::uint8_t method_user_password = 0x02;
constexpr std::uint8_t method_none_acceptable = 0xFF;
constexpr std::size_t longest_field = 255;   // one length byte
constexpr auto greeting = "\x05\x01\x02"sv;  // version, one method, user and password
constexpr auto http_start = "HTTP/"sv;

bool fits(std::string_view field) noexcept {
    return !field.empty() && field.size() <= longest_field;
}

void append_field(std::string& message, std::string_view field) {
    message += static_cast<char>(field.size());
    message += field;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/// Every label has at least one name character: no leading, trailing or doubled dot.
bool is_dotted_name(std::string_view domain) noexcept {
    bool label_empty = true;
    for (const char c : domain) {
        if (c == '.' ? label_empty : !is_name_character(c))
            return false;
        label_empty = c == '.';
    }
    return !label_empty;
}

std::expected<void, ArgumentError> check_domain(std::string_view domain) noexcept {
    if (!fits(domain))
        return std::unexpected(ArgumentError::domain_length);
    if (!is_dotted_name(domain))
        return std::unexpected(ArgumentError::domain_character);
    // "10.0.0.1", "0x7f.1", "2130706433": whatever a resolver would read as an address ends this
    // way.
    if (is_digit(domain[domain.rfind('.') + 1]))
        return std::unexpected(ArgumentError::domain_is_address);
    return {};
}

std::expected<void, ArgumentError> check_credentials(std::string_view user,
                                                     std::string_view password) noexcept {
    if (!fits(user))
        return std::unexpected(ArgumentError::user_length);
    if (user.starts_with("<torS0X>"))
        return std::unexpected(ArgumentError::user_reserved);
    if (!fits(password))
        return std::unexpected(ArgumentError::password_length);
    return {};
}

}  // namespace

std::string_view sentence(ArgumentError error) noexcept {
    switch (error) {
        case ArgumentError::domain_length:
            return "a domain name sent to tor has 1 to 255 bytes";
        case ArgumentError::domain_character:
            return "a domain name sent to tor has letters, digits, '-', '_' and single inner dots";
        case ArgumentError::domain_is_address:
            return "a domain name sent to tor must not be an IP address";
        case ArgumentError::port_zero:
            return "port 0 cannot be connected to";
        case ArgumentError::user_length:
            return "a SOCKS user name has 1 to 255 bytes";
        case ArgumentError::user_reserved:
            return "a SOCKS user name must not begin with <torS0X>, which tor reserves";
        case ArgumentError::password_length:
            return "a SOCKS password has 1 to 255 bytes";
    }
    return "unknown";
}

std::expected<Connect, ArgumentError> Connect::make(std::string_view domain, std::uint16_t port,
                                                    std::string_view user,
                                                    std::string_view password) {
    if (const auto checked = check_domain(domain); !checked)
        return std::unexpected(checked.error());
    if (port == 0)
        return std::unexpected(ArgumentError::port_zero);
    if (const auto checked = check_credentials(user, password); !checked)
        return std::unexpected(checked.error());

    std::string credentials(1, static_cast<char>(credentials_version));
    append_field(credentials, user);
    append_field(credentials, password);
    std::string request("\x05\x01\x00\x03"sv);  // version, CONNECT, reserved, domain name
    append_field(request, domain);
    request += static_cast<char>(port >> 8);
    request += static_cast<char>(port & 0xFF);
    return Connect(std::move(credentials), std::move(request));
}

Action Connect::start() noexcept {
    return send(greeting, Step::method);
}

Action Connect::receive(std::string_view bytes) noexcept {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const Action action = take(static_cast<std::uint8_t>(bytes[i]));
        if (action.kind == Kind::need_more)
            continue;
        const bool more_came = i + 1 < bytes.size();
        return more_came && action.kind != Kind::failed ? fail(Fault::unexpected_bytes) : action;
    }
    return step_ == Step::failed ? fail(fault_) : Action{};
}

std::size_t Connect::due() const noexcept {
    constexpr std::size_t answer = 2, to_name_length = 5;  // no reply is shorter than its address
    if (step_ != Step::reply)
        return answer - std::min(received_, answer - 1);
    return (expected_ == 0 ? to_name_length : expected_) - received_;
}

Action Connect::closed() noexcept {
    return fail(step_ == Step::failed ? fault_ : Fault::closed_early);
}

Action Connect::take(std::uint8_t byte) noexcept {
    ++received_;
    switch (step_) {
        case Step::unstarted:
        case Step::connected:
            return fail(Fault::unexpected_bytes);
        case Step::failed:
            return fail(fault_);
        case Step::method:
        case Step::credentials:
        case Step::reply:
            break;
    }
    if (http_)
        return take_http(byte);
    if (received_ == 1)
        return take_first(byte);
    if (step_ == Step::method)
        return take_method(byte);
    return step_ == Step::credentials ? take_status(byte) : take_reply(byte);
}

/// Every message begins with its version; "HTTP/" there tells which mistake was made.
Action Connect::take_first(std::uint8_t byte) noexcept {
    const std::uint8_t due = step_ == Step::credentials ? credentials_version : socks_version;
    http_ = byte == static_cast<std::uint8_t>(http_start.front());
    return byte == due || http_ ? Action{} : fail(Fault::malformed);
}

Action Connect::take_http(std::uint8_t byte) noexcept {
    if (byte != static_cast<std::uint8_t>(http_start[received_ - 1]))
        return fail(Fault::malformed);
    return received_ == http_start.size() ? fail(Fault::http_answer) : Action{};
}

Action Connect::take_method(std::uint8_t byte) noexcept {  // RFC 1928 §3
    if (byte == method_user_password)
        return send(credentials_, Step::credentials);
    return fail(byte == method_none_acceptable ? Fault::method_refused : Fault::malformed);
}

Action Connect::take_status(std::uint8_t byte) noexcept {  // RFC 1929 §2
    return byte == 0 ? send(request_, Step::reply) : fail(Fault::credentials_refused);
}

/// RFC 1928 §6. A refusal ends at its code: the address after it says nothing. An acceptance is
/// read to its last byte, so that the stream begins clean; the bound address is not used.
Action Connect::take_reply(std::uint8_t byte) noexcept {
    constexpr std::size_t to_code = 2, to_reserved = 3, to_address_type = 4, to_name_length = 5;
    constexpr std::size_t port_bytes = 2;
    if (received_ == to_code)
        return byte == 0 ? Action{} : fail(fault_of_reply(byte));
    if (received_ == to_reserved)
        return byte == 0 ? Action{} : fail(Fault::malformed);
    if (received_ == to_address_type)
        return take_address_type(byte);
    if (received_ == to_name_length && expected_ == 0)
        expected_ = to_name_length + byte + port_bytes;
    if (received_ != expected_)
        return {};
    step_ = Step::connected;
    return {.kind = Kind::connected};
}

/// Tor sends IPv4 zeros on a TCP port and IPv6 zeros (22 bytes in all) on a unix socket.
Action Connect::take_address_type(std::uint8_t byte) noexcept {
    constexpr std::uint8_t ipv4 = 1, domain = 3, ipv6 = 4;
    constexpr std::size_t ipv4_reply = 4 + 4 + 2, ipv6_reply = 4 + 16 + 2;
    if (byte != ipv4 && byte != domain && byte != ipv6)
        return fail(Fault::malformed);
    if (byte != domain)
        expected_ = byte == ipv4 ? ipv4_reply : ipv6_reply;
    return {};
}

Action Connect::send(std::string_view bytes, Step next) noexcept {
    step_ = next;
    received_ = 0;
    return {.kind = Kind::send, .bytes = bytes};
}

Action Connect::fail(Fault fault) noexcept {
    step_ = Step::failed;
    fault_ = fault;
    return {.kind = Kind::failed, .fault = fault};
}

}  // namespace beta::socks
