#include "beta/socks/connect.hpp"

#include "handshake.hpp"

#include <catch2/catch.hpp>

namespace beta::socks::testing {
namespace {

constexpr std::size_t whole = 1000;
const std::string all_sent = greeting + credentials + request;

std::string refusal(std::uint8_t code) {
    return "\x05"s + static_cast<char>(code) + "\x00\x01\x00\x00\x00\x00\x00\x00"s;
}

struct Script {
    std::string name;
    std::vector<std::string> messages;
    Outcome outcome;
};

Outcome connected() {
    return {Action::Kind::connected, Fault::none, all_sent};
}

Outcome failed(Fault fault, const std::string& sent) {
    return {Action::Kind::failed, fault, sent};
}

std::vector<Script> scripts() {
    const auto& m = method_chosen;
    const auto& c = credentials_accepted;
    const std::string after_method = greeting + credentials;
    const std::string http = "HTTP/1.0 501 Tor is not an HTTP Proxy\r\n\r\n";
    const std::string longest_name = "\x05\x00\x00\x03\xFF"s + std::string(257, 'x');
    return {
        {"accepted with an IPv4 address", {m, c, accepted_ipv4}, connected()},
        {"accepted with an IPv6 address", {m, c, accepted_ipv6}, connected()},
        {"accepted with a domain", {m, c, accepted_domain}, connected()},
        {"accepted with the longest domain", {m, c, longest_name}, connected()},
        {"accepted with an empty domain", {m, c, "\x05\x00\x00\x03\x00\x00\x00"s}, connected()},
        {"no method", {"\x05\xFF"s}, failed(Fault::method_refused, greeting)},
        {"no authentication", {"\x05\x00"s}, failed(Fault::malformed, greeting)},
        {"GSSAPI", {"\x05\x01"s}, failed(Fault::malformed, greeting)},
        {"SOCKS4 answer", {"\x00\x5B"s}, failed(Fault::malformed, greeting)},
        {"HTTP at once", {http}, failed(Fault::http_answer, greeting)},
        {"nearly HTTP", {"HTTQ/1.1"}, failed(Fault::malformed, greeting)},
        {"TLS alert", {"\x15\x03\x03"s}, failed(Fault::malformed, greeting)},
        {"bad credentials", {m, "\x01\x01"s}, failed(Fault::credentials_refused, after_method)},
        {"worst credentials", {m, "\x01\xFF"s}, failed(Fault::credentials_refused, after_method)},
        {"credentials of version 5", {m, "\x05\x00"s}, failed(Fault::malformed, after_method)},
        {"HTTP after the method", {m, http}, failed(Fault::http_answer, after_method)},
        {"HTTP for a reply", {m, c, http}, failed(Fault::http_answer, all_sent)},
        {"reply of version 4", {m, c, "\x04\x00"s}, failed(Fault::malformed, all_sent)},
        {"reserved byte set", {m, c, "\x05\x00\x01"s}, failed(Fault::malformed, all_sent)},
        {"address type 0", {m, c, "\x05\x00\x00\x00"s}, failed(Fault::malformed, all_sent)},
        {"address type 2", {m, c, "\x05\x00\x00\x02"s}, failed(Fault::malformed, all_sent)},
        {"refused", {m, c, refusal(0x05)}, failed(Fault::refused, all_sent)},
        {"no descriptor", {m, c, refusal(0xF0)}, failed(Fault::descriptor_not_found, all_sent)},
        {"unknown code", {m, c, refusal(0x42)}, failed(Fault::unknown_reply, all_sent)},
        {"a refusal without its address",
         {m, c, "\x05\x06"s},
         failed(Fault::ttl_expired, all_sent)},
    };
}

TEST_CASE("every handshake ends the same whole and in pieces of any size") {
    for (const Script& script : scripts()) {
        DYNAMIC_SECTION(script.name) {
            for (std::size_t piece : {whole, std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
                const Outcome outcome = play(script.messages, piece);
                CHECK(outcome.kind == script.outcome.kind);
                CHECK(outcome.fault == script.outcome.fault);
                CHECK(outcome.sent == script.outcome.sent);
            }
        }
    }
}

TEST_CASE("an accepted handshake that is cut at any byte is a close, not a connection") {
    for (const std::string& reply : {accepted_ipv4, accepted_ipv6, accepted_domain}) {
        const std::string all = method_chosen + credentials_accepted + reply;
        for (std::size_t cut = 0; cut < all.size(); ++cut) {
            Connect connect = make_connect();
            REQUIRE(connect.start().kind == Action::Kind::send);
            for (std::size_t i = 0; i < cut; ++i)
                REQUIRE(connect.receive(all.substr(i, 1)).kind != Action::Kind::connected);
            const Action action = connect.closed();
            CHECK(action.kind == Action::Kind::failed);
            CHECK(action.fault == Fault::closed_early);
        }
    }
}

TEST_CASE("garbage at any byte before the address fails and never connects") {
    const std::string all = method_chosen + credentials_accepted + accepted_ipv4;
    const std::size_t address_type = 7;
    for (std::size_t at = 0; at <= address_type; ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            const bool longer_address = at == address_type && (value == 3 || value == 4);
            if (static_cast<unsigned char>(all[at]) == value || longer_address)
                continue;
            std::string bad = all;
            bad[at] = static_cast<char>(value);
            Connect connect = make_connect();
            Action action = connect.start();
            for (std::size_t i = 0; i <= at; ++i)
                action = connect.receive(std::string_view(bad).substr(i, 1));
            if (value == 'H' && action.kind == Action::Kind::need_more)
                action = connect.receive("\x02");  // an H alone may yet become HTTP
            CAPTURE(at, value);
            CHECK(action.kind == Action::Kind::failed);
        }
    }
}

TEST_CASE("bytes beyond the message that is due fail the handshake") {
    const std::vector<std::string> due{method_chosen, credentials_accepted, accepted_domain};
    for (std::size_t step = 0; step < due.size(); ++step) {
        std::vector<std::string> messages(due.begin(), due.begin() + static_cast<long>(step) + 1);
        messages.back() += "\x05";
        CAPTURE(step);
        CHECK(play(messages, whole).fault == Fault::unexpected_bytes);
    }
}

TEST_CASE("bytes before the greeting fail the handshake") {
    Connect connect = make_connect();
    CHECK(connect.receive(method_chosen).fault == Fault::unexpected_bytes);
}

TEST_CASE("bytes after the connection belong to somebody else and fail the handshake") {
    Connect connect = make_connect();
    (void)connect.start();
    (void)connect.receive(method_chosen);
    (void)connect.receive(credentials_accepted);
    REQUIRE(connect.receive(accepted_ipv4).kind == Action::Kind::connected);
    CHECK(connect.receive("x").fault == Fault::unexpected_bytes);
}

TEST_CASE("a failed handshake keeps its first fault") {
    Connect connect = make_connect();
    (void)connect.start();
    REQUIRE(connect.receive("\x05\xFF"s).fault == Fault::method_refused);
    CHECK(connect.receive(method_chosen).fault == Fault::method_refused);
    CHECK(connect.receive("").fault == Fault::method_refused);
    CHECK(connect.closed().fault == Fault::method_refused);
}

TEST_CASE("an empty read asks for more") {
    Connect connect = make_connect();
    (void)connect.start();
    CHECK(connect.receive("").kind == Action::Kind::need_more);
}

TEST_CASE("the greeting offers user and password and nothing else") {
    CHECK(make_connect().start().bytes == "\x05\x01\x02"s);
}

TEST_CASE("the longest names are sent in full") {
    const std::string user(255, 'u'), password(255, 'p');
    const std::string domain = std::string(253, 'd') + ".o";
    Connect connect = Connect::make(domain, 0x1234, user, password).value();
    (void)connect.start();
    const Action auth = connect.receive(method_chosen);
    CHECK(auth.bytes == "\x01\xFF"s + user + "\xFF"s + password);
    const Action connecting = connect.receive(credentials_accepted);
    CHECK(connecting.bytes == "\x05\x01\x00\x03\xFF"s + domain + "\x12\x34"s);
}

struct Argument {
    std::string domain;
    std::uint16_t port;
    std::string user;
    std::string password;
    ArgumentError error;
};

TEST_CASE("arguments that have no place in a handshake are refused by name") {
    const std::string long_field(256, 'a');
    const std::vector<Argument> rows{
        {"", 80, "u", "p", ArgumentError::domain_length},
        {long_field, 80, "u", "p", ArgumentError::domain_length},
        {std::string(65536, 'a'), 80, "u", "p", ArgumentError::domain_length},
        {"a b", 80, "u", "p", ArgumentError::domain_character},
        {"a\0b"s, 80, "u", "p", ArgumentError::domain_character},
        {"a\r\n", 80, "u", "p", ArgumentError::domain_character},
        {"p\xC3\xA9", 80, "u", "p", ArgumentError::domain_character},
        {"a.onion.", 80, "u", "p", ArgumentError::domain_character},
        {".onion", 80, "u", "p", ArgumentError::domain_character},
        {"a..onion", 80, "u", "p", ArgumentError::domain_character},
        {"::1", 80, "u", "p", ArgumentError::domain_character},
        {"[::1]", 80, "u", "p", ArgumentError::domain_character},
        {"127.0.0.1", 80, "u", "p", ArgumentError::domain_is_address},
        {"2130706433", 80, "u", "p", ArgumentError::domain_is_address},
        {"0x7f.1", 80, "u", "p", ArgumentError::domain_is_address},
        {"a.0x7f000001", 80, "u", "p", ArgumentError::domain_is_address},
        {"a.onion", 0, "u", "p", ArgumentError::port_zero},
        {"a.onion", 80, "", "p", ArgumentError::user_length},
        {"a.onion", 80, long_field, "p", ArgumentError::user_length},
        {"a.onion", 80, "<torS0X>0", "p", ArgumentError::user_reserved},
        {"a.onion", 80, "u", "", ArgumentError::password_length},
        {"a.onion", 80, "u", long_field, ArgumentError::password_length},
    };
    for (const Argument& row : rows) {
        const auto made = Connect::make(row.domain, row.port, row.user, row.password);
        CAPTURE(row.domain.substr(0, 20), row.port, row.user.substr(0, 20));
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error() == row.error);
        CHECK(sentence(made.error()).size() > 10);
    }
}

TEST_CASE("names that a directory may hold are accepted") {
    for (const char* domain : {"a", "a.onion", "A-b_c.example", "1a.b2.xn--c"})
        CHECK(Connect::make(domain, 1, "u", "p").has_value());
}

// Beyond the reply the bytes are the stream's own: a host outside may speak first.
TEST_CASE("what follows the request is the stream's, and nothing before it") {
    auto connect = make_connect();
    CHECK_FALSE(connect.has_asked());
    connect.start();
    CHECK_FALSE(connect.has_asked());
    connect.receive(method_chosen);
    CHECK_FALSE(connect.has_asked());
    connect.receive(credentials_accepted);
    CHECK(connect.has_asked());
    connect.receive(accepted_ipv4);
    CHECK_FALSE(connect.has_asked());
}

TEST_CASE("whoever reads no more than is due takes none of the stream's own bytes") {
    const auto reply = GENERATE(accepted_ipv4, accepted_ipv6, accepted_domain);
    const auto piece = GENERATE(1u, 3u, 1000u);
    const std::vector<std::string> messages{method_chosen, credentials_accepted,
                                            reply + "220 first"};
    Connect connect = make_connect();
    Action action = connect.start();
    std::string_view rest;
    for (const std::string_view message : messages) {
        rest = message;
        do {
            const auto size = std::min<std::size_t>({connect.due(), piece, rest.size()});
            REQUIRE(size > 0);
            action = connect.receive(rest.substr(0, size));
            rest.remove_prefix(size);
        } while (action.kind == Action::Kind::need_more);
    }
    CHECK(action.kind == Action::Kind::connected);
    CHECK(rest == "220 first");
}

}  // namespace
}  // namespace beta::socks::testing
