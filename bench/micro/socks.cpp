// bench_socks: a whole SOCKS5 handshake through the state machine, beside one that compares
// answers.
//
// The plain way takes each answer in one piece and allows no other: what the machine costs above it
// buys answers in pieces, every refusal by name, and limits.
#include "beta/socks/connect.hpp"

#include "stopwatch.hpp"

#include <cstdio>
#include <string>
#include <string_view>

namespace beta::bench {
namespace {

using namespace std::string_view_literals;

constexpr auto onion = "mv4gc3lqnrsqeaqcaibaeaqcaibaeaqcaibaeaqcaibaeaqcaibl25yd.onion"sv;
constexpr auto user = "beta-ops-tron-payment"sv;
constexpr auto password = "8f14e45fceea167a5a36dedd4bea2543"sv;
constexpr auto method = "\x05\x02"sv;
constexpr auto status = "\x01\x00"sv;
constexpr auto reply = "\x05\x00\x00\x01\0\0\0\0\0\0"sv;

bool machine(std::size_t piece) {
    auto connect = socks::Connect::make(onion, 80, user, password);
    if (!connect)
        return false;
    auto action = connect->start();
    for (auto answer : {method, status, reply})
        for (; !answer.empty(); answer.remove_prefix(std::min(piece, answer.size()))) {
            keep(action.bytes);
            action = connect->receive(answer.substr(0, piece));
        }
    return action.kind == socks::Action::Kind::connected;
}

bool plain() {
    std::string credentials = "\x01";
    credentials += static_cast<char>(user.size());
    credentials.append(user) += static_cast<char>(password.size());
    credentials += password;
    std::string request("\x05\x01\x00\x03"sv);
    request += static_cast<char>(onion.size());
    request.append(onion).append("\0\x50"sv);
    keep(credentials);
    keep(request);
    std::string_view received[] = {method, status, reply};
    keep(received);
    return received[0] == method && received[1] == status && received[2] == reply;
}

}  // namespace
}  // namespace beta::bench

int main(int argc, char** argv) {
    using namespace beta::bench;
    const bool quick = argc > 1 && std::string_view(argv[1]) == "--quick";
    if (!machine(64) || !machine(1) || !plain()) {
        std::fputs("bench_socks: a handshake fails\n", stderr);
        return 1;
    }
    const auto whole = compare([] { keep(machine(64)); }, [] { keep(plain()); }, quick);
    const auto bytes = compare([] { keep(machine(1)); }, [] { keep(plain()); }, quick);
    std::printf(
        "socks: a handshake %.0f ns, byte by byte %.0f ns; comparing answers %.0f ns; "
        "ratios %.2f, %.2f\n",
        whole.ours, bytes.ours, whole.baseline, whole.ratio, bytes.ratio);
}
