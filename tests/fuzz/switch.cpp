// Requests to switch: a tunnel's target has one spelling, a websocket's only answer is its own.
#include "beta/http/target.hpp"
#include "beta/http/upgrade.hpp"

#include <cstdlib>

using namespace beta::http;
using enum beta::model::Failure;
constexpr HeadLimits limits{4096, 1024, 32};
static bool answers(const std::string& accept, std::string_view due) {
    const auto text =
        "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Accept: " +
        accept + "\r\n\r\n";
    ResponseHead head;
    return due.size() == 28 && parse(text, limits, head) == none && is_websocket_answer(head, due);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    RequestHead head;
    if (parse({reinterpret_cast<const char*>(data), size}, limits, head) != none)
        return 0;
    const auto to = split_connect_target(head);
    const auto spelt = to ? to->host.size() + 1 + to->port.size() : head.target.size();
    const auto asked = requested_switch(head, request_framing(head, 1 << 16).value_or(Framing{}));
    const auto due = asked == Switch::websocket ? websocket_accept(head) : std::string(28, 'x');
    if (spelt != head.target.size() || !answers(due, due) || answers("x" + due, due))
        std::abort();
    return 0;
}
