#include "beta/torctl/command.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace beta::torctl::testing {
namespace {

using namespace std::string_literals;

const auto address =
    model::OnionAddress::parse("4whfairyja4yq2ytc2p5qnnswhuo2ve7x2fd6apczalwg22swzud67id.onion")
        .value();
const std::string id = "4whfairyja4yq2ytc2p5qnnswhuo2ve7x2fd6apczalwg22swzud67id";
const std::string secret = std::string(86, 'A') + "==";

model::Endpoint endpoint(const char* text) {
    return model::Endpoint::parse(text).value();
}

TEST_CASE("commands without arguments are a line each") {
    CHECK(Command::protocol_info().bytes() == "PROTOCOLINFO 1\r\n");
    CHECK(Command::authenticate().bytes() == "AUTHENTICATE\r\n");
    CHECK(Command::take_ownership().bytes() == "TAKEOWNERSHIP\r\n");
    CHECK(Command::quit().bytes() == "QUIT\r\n");
    CHECK(Command::signal(Signal::new_identity).bytes() == "SIGNAL NEWNYM\r\n");
    CHECK(Command::signal(Signal::shutdown).bytes() == "SIGNAL SHUTDOWN\r\n");
    CHECK(Command::signal(Signal::dormant).bytes() == "SIGNAL DORMANT\r\n");
}

TEST_CASE("bytes go out in hex and passwords in quotes") {
    CHECK(Command::authenticate("\x00\x0f\xff"s).bytes() == "AUTHENTICATE 000FFF\r\n");
    CHECK(Command::auth_challenge("\x01\xab"s).bytes() == "AUTHCHALLENGE SAFECOOKIE 01AB\r\n");
    CHECK(Command::authenticate_with_password("a\"b\\c d\xc3\xa9")->bytes() ==
          "AUTHENTICATE \"a\\\"b\\\\c d\xc3\xa9\"\r\n");
    CHECK(Command::authenticate_with_password("")->bytes() == "AUTHENTICATE \"\"\r\n");
}

TEST_CASE("events are asked for by tor's names, and unknown ones never") {
    constexpr EventKind kinds[] = {EventKind::status_client, EventKind::circuit,
                                   EventKind::other,         EventKind::stream,
                                   EventKind::descriptor,    EventKind::liveness};
    CHECK(Command::set_events(kinds).bytes() ==
          "SETEVENTS STATUS_CLIENT CIRC STREAM HS_DESC NETWORK_LIVENESS\r\n");
    CHECK(Command::set_events({}).bytes() == "SETEVENTS\r\n");
}

TEST_CASE("what is asked of tor's state and configuration is spelled out") {
    CHECK(Command::get_info({"version", "status/bootstrap-phase"})->bytes() ==
          "GETINFO version status/bootstrap-phase\r\n");
    CHECK(Command::get_conf({"SocksPort"})->bytes() == "GETCONF SocksPort\r\n");
    CHECK(Command::reset_conf({"__OwningControllerProcess"})->bytes() ==
          "RESETCONF __OwningControllerProcess\r\n");
    const Command::Setting settings[] = {{"HiddenServiceDir", "/var/a \"b\""},
                                         {"HiddenServicePort", "80 127.0.0.1:8080"}};
    CHECK(Command::set_conf(settings)->bytes() ==
          "SETCONF HiddenServiceDir=\"/var/a \\\"b\\\"\" "
          "HiddenServicePort=\"80 127.0.0.1:8080\"\r\n");
    CHECK(Command::close_circuit("34")->bytes() == "CLOSECIRCUIT 34\r\n");
}

TEST_CASE("a new onion service has key, flags, ports and clients in tor's order") {
    NewOnion onion{.ports = {{80, endpoint("127.0.0.1:8080")}, {81, endpoint("unix:/run/app")}}};
    CHECK(Command::add_onion(onion)->bytes() ==
          "ADD_ONION NEW:ED25519-V3 Port=80,127.0.0.1:8080 Port=81,unix:/run/app\r\n");
    onion = {.key = OnionKey::parse(secret).value(),
             .ports = {{443, endpoint("[::1]:8443")}},
             .clients = {ClientPublicKey::parse(std::string(52, 'a')).value()},
             .detach = true,
             .max_streams = 7,
             .close_circuit_at_max = true};
    CHECK(Command::add_onion(onion)->bytes() ==
          "ADD_ONION ED25519-V3:" + secret +
              " Flags=Detach,V3Auth,MaxStreamsCloseCircuit MaxStreams=7 Port=443,[::1]:8443 "
              "ClientAuthV3=" +
              std::string(52, 'A') + "\r\n");
}

TEST_CASE("onion services are named without their suffix") {
    const auto key = ClientKey::parse(std::string(43, 'B') + "=").value();
    CHECK(Command::del_onion(address).bytes() == "DEL_ONION " + id + "\r\n");
    CHECK(Command::hs_fetch(address).bytes() == "HSFETCH " + id + "\r\n");
    CHECK(Command::client_auth_remove(address).bytes() ==
          "ONION_CLIENT_AUTH_REMOVE " + id + "\r\n");
    CHECK(Command::client_auth_add(address, key).bytes() ==
          "ONION_CLIENT_AUTH_ADD " + id + " x25519:" + key.disclose() + "\r\n");
}

TEST_CASE("a log sees the verb and no argument") {
    CHECK(Command::authenticate_with_password("secret")->verb() == "AUTHENTICATE");
    CHECK(Command::quit().verb() == "QUIT");
}

TEST_CASE("no byte of an argument ends a command or begins another") {
    for (int value = 0; value < 256; ++value) {
        const std::string text = "a"s + static_cast<char>(value) + "QUIT";
        const Command::Setting setting{text, text}, valued{"Key", text};
        const model::Endpoint target =
            model::Endpoint::parse("unix:/run/" + text).value_or(endpoint("127.0.0.1:1"));
        const std::vector<Command::Result> made{Command::authenticate_with_password(text),
                                                Command::get_info({text}),
                                                Command::get_conf({text}),
                                                Command::reset_conf({text}),
                                                Command::set_conf({&setting, 1}),
                                                Command::set_conf({&valued, 1}),
                                                Command::close_circuit(text),
                                                Command::add_onion({.ports = {{80, target}}})};
        for (const auto& command : made) {
            if (!command)
                continue;
            CAPTURE(value, command->bytes());
            CHECK(command->bytes().find_first_of("\r\n\0"s) == command->bytes().size() - 2);
            // A quote that is not escaped stands in a pair, around all of an argument.
            std::string bare = command->bytes();
            for (const auto* const escaped : {"\\\\", "\\\""}) {
                for (auto at = bare.find(escaped); at != bare.npos; at = bare.find(escaped))
                    bare.erase(at, 2);
            }
            CHECK(std::ranges::count(bare, '"') % 2 == 0);
        }
    }
}

TEST_CASE("arguments that have no place in a command are refused by name") {
    const auto error = [](const Command::Result& result) { return result.error(); };
    CHECK(error(Command::authenticate_with_password("a\r\nQUIT")) ==
          ArgumentError::control_character);
    CHECK(error(Command::authenticate_with_password(std::string(5000, 'a'))) ==
          ArgumentError::too_long);
    CHECK(error(Command::get_info({"a b"})) == ArgumentError::bad_keyword);
    CHECK(error(Command::get_info({""})) == ArgumentError::bad_keyword);
    CHECK(error(Command::get_conf({"a=b"})) == ArgumentError::bad_keyword);
    const Command::Setting bad_value{"Key", "a\nb"};
    CHECK(error(Command::set_conf({&bad_value, 1})) == ArgumentError::control_character);
    CHECK(error(Command::close_circuit("")) == ArgumentError::bad_circuit);
    CHECK(error(Command::close_circuit("1 2")) == ArgumentError::bad_circuit);
    CHECK(error(Command::close_circuit(std::string(17, '1'))) == ArgumentError::bad_circuit);
    CHECK(error(Command::add_onion({.ports = {}})) == ArgumentError::no_ports);
    CHECK(error(Command::add_onion({.ports = {{0, endpoint("127.0.0.1:1")}}})) ==
          ArgumentError::port_zero);
    CHECK(error(Command::add_onion({.ports = {{80, endpoint("127.0.0.1:0")}}})) ==
          ArgumentError::port_zero);
    CHECK(error(Command::add_onion({.ports = {{80, endpoint("unix:/run/a b")}}})) ==
          ArgumentError::bad_target);
    for (int i = 0; i <= static_cast<int>(ArgumentError::too_long); ++i)
        CHECK(sentence(static_cast<ArgumentError>(i)).size() > 10);
}

TEST_CASE("keys have one form each and nothing else passes for one") {
    CHECK(OnionKey::parse("ED25519-V3:" + secret)->disclose() == secret);
    CHECK(OnionKey::parse(secret.substr(1)).error() == KeyError::not_onion_key);
    CHECK(OnionKey::parse("A" + secret).error() == KeyError::not_onion_key);
    CHECK(OnionKey::parse(std::string(88, 'A')).error() == KeyError::not_onion_key);
    CHECK(OnionKey::parse(std::string(85, 'A') + "\r==").error() == KeyError::not_onion_key);
    CHECK(OnionKey::parse("x25519:" + secret).error() == KeyError::not_onion_key);
    CHECK(ClientKey::parse("x25519:" + std::string(43, '+') + "=").has_value());
    CHECK(ClientKey::parse(std::string(44, 'A')).error() == KeyError::not_client_key);
    CHECK(ClientKey::parse("").error() == KeyError::not_client_key);
    CHECK(ClientPublicKey::parse("descriptor:x25519:" + std::string(52, 'q'))->text() ==
          std::string(52, 'Q'));
    CHECK(ClientPublicKey::parse(std::string(51, 'A') + "1").error() ==
          KeyError::not_client_public_key);
    CHECK(ClientPublicKey::parse(std::string(53, 'A')).error() == KeyError::not_client_public_key);
    for (int i = 0; i <= static_cast<int>(KeyError::not_client_public_key); ++i)
        CHECK(sentence(static_cast<KeyError>(i)).size() > 10);
}

}  // namespace
}  // namespace beta::torctl::testing
