#include "fake_socks.hpp"

#include <cstddef>
#include <string_view>

namespace beta::bench {
namespace {

using namespace std::string_view_literals;

std::size_t byte_at(const std::string& text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

}  // namespace

FakeSocks::State FakeSocks::take(std::string& received, std::string& answer) {
    bool moved = true;
    while (moved && !refused_ && step_ != Step::connected) {
        switch (step_) {
            case Step::greeting:
                moved = take_greeting(received, answer);
                break;
            case Step::credentials:
                moved = take_credentials(received, answer);
                break;
            case Step::request:
                moved = take_request(received, answer);
                break;
            case Step::connected:
                break;
        }
    }
    if (refused_)
        return State::refused;
    return step_ == Step::connected ? State::connected : State::under_way;
}

// RFC 1928 §3: version, count, methods. Only user and password will do, as with Tor's isolation.
bool FakeSocks::take_greeting(std::string& received, std::string& answer) {
    if (received.size() < 2 || received.size() < 2 + byte_at(received, 1))
        return false;
    const auto methods = std::string_view(received).substr(2, byte_at(received, 1));
    refused_ = received[0] != 5 || methods.find('\x02') == methods.npos;
    answer += refused_ ? "\x05\xFF"sv : "\x05\x02"sv;
    received.erase(0, 2 + byte_at(received, 1));
    step_ = Step::credentials;
    return true;
}

// RFC 1929 §2: version, user, password. Everybody is let in.
bool FakeSocks::take_credentials(std::string& received, std::string& answer) {
    if (received.size() < 2)
        return false;
    const auto user = byte_at(received, 1);
    if (received.size() < 3 + user || received.size() < 3 + user + byte_at(received, 2 + user))
        return false;
    refused_ = received[0] != 1;
    answer += refused_ ? "\x01\x01"sv : "\x01\x00"sv;
    received.erase(0, 3 + user + byte_at(received, 2 + user));
    step_ = Step::request;
    return true;
}

// RFC 1928 §4: CONNECT to a domain name, which is all that may ever come.
bool FakeSocks::take_request(std::string& received, std::string& answer) {
    constexpr auto connect_to_domain = "\x05\x01\x00\x03"sv;
    if (received.size() < 5)
        return false;
    refused_ = !received.starts_with(connect_to_domain);
    if (!refused_ && received.size() < 7 + byte_at(received, 4))
        return false;
    answer += refused_ ? "\x05\x07\x00\x01\0\0\0\0\0\0"sv : "\x05\x00\x00\x01\0\0\0\0\0\0"sv;
    received.erase(0, refused_ ? received.size() : 7 + byte_at(received, 4));
    step_ = Step::connected;
    return true;
}

}  // namespace beta::bench
