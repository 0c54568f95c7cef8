// bench_backend: a fast HTTP/1.1 server, plain on one port and behind a SOCKS5 handshake on
// another.
//
// GET or POST /bytes/N answers N bytes; GET /counts answers what was served so far, as JSON. The
// SOCKS port serves the same on the very connection of the handshake, so no relay is measured.
#include "fake_socks.hpp"
#include "sockets.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace beta::bench {
namespace {

struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t connections = 0;
    std::uint64_t handshakes = 0;
};

struct Connection {
    enum class Phase { handshake, head, body, answer };

    Socket socket;
    Phase phase = Phase::head;
    bool close_after = false;  // the client asked for it
    bool over = false;
    bool awaits_room = false;
    FakeSocks handshake;
    std::string received;
    std::string target;
    std::uint64_t body_left = 0;
    std::string own;          // an answer made on the spot
    std::string_view answer;  // what is left to send
};

struct Listener {
    Socket socket;
    bool socks = false;
};

/// The value of `name` (lower case, with its colon), or nothing.
std::string_view field(std::string_view head, std::string_view name) {
    for (auto at = head.find("\r\n"); at != head.npos; at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2);
        const auto same = [](char a, char b) { return (a | 0x20) == b || a == b; };
        if (line.size() > name.size() && std::equal(name.begin(), name.end(), line.begin(),
                                                    [&](char b, char a) { return same(a, b); })) {
            auto value = line.substr(name.size(), line.find("\r\n") - name.size());
            value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
            return value;
        }
    }
    return {};
}

std::uint64_t number(std::string_view text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

class Backend {
  public:
    Backend() {
        plain_.socket = listen_on_loopback();
        socks_.socket = listen_on_loopback();
        socks_.socks = true;
        poller_.add(plain_.socket, EPOLLIN, &plain_);
        poller_.add(socks_.socket, EPOLLIN, &socks_);
    }

    [[noreturn]] void run() {
        std::printf("{\"http\": %u, \"socks\": %u}\n", unsigned{port_of(plain_.socket)},
                    unsigned{port_of(socks_.socket)});
        std::fflush(stdout);
        for (;;)
            for (const auto& event : poller_.wait(-1))
                dispatch(event);
    }

  private:
    using Phase = Connection::Phase;

    void dispatch(const epoll_event& event) {
        if (event.data.ptr == &plain_ || event.data.ptr == &socks_)
            return accept_all(*static_cast<Listener*>(event.data.ptr));
        auto* const connection = static_cast<Connection*>(event.data.ptr);
        serve(*connection);
        if (connection->over)
            delete connection;  // closing takes it out of epoll
    }

    void accept_all(const Listener& listener) {
        while (auto socket = accept_from(listener.socket)) {
            ++counts_.connections;
            auto connection = std::make_unique<Connection>();
            connection->socket = std::move(socket);
            if (listener.socks)
                connection->phase = Phase::handshake;
            poller_.add(connection->socket, EPOLLIN, connection.get());
            static_cast<void>(connection.release());  // epoll holds it until it is over
        }
    }

    /// One read an event: epoll comes again if there is more.
    void serve(Connection& connection) {
        if (connection.phase != Phase::answer) {
            const auto got = receive_some(connection.socket, input_);
            connection.over = got.ended;
            connection.received.append(input_.data(), got.bytes);
        }
        while (!connection.over && advance(connection)) {
        }
    }

    /// False when bytes, or room for them, must come first.
    bool advance(Connection& connection) {
        switch (connection.phase) {
            case Phase::handshake:
                return take_handshake(connection);
            case Phase::head:
                return take_head(connection);
            case Phase::body:
                return take_body(connection);
            case Phase::answer:
                return send_answer(connection);
        }
        return false;
    }

    bool take_handshake(Connection& connection) {
        std::string reply;
        const auto state = connection.handshake.take(connection.received, reply);
        const bool sent =
            reply.empty() || send_some(connection.socket, reply).bytes == reply.size();
        connection.over = !sent || state == FakeSocks::State::refused;
        if (state != FakeSocks::State::connected)
            return false;
        ++counts_.handshakes;
        connection.phase = Phase::head;
        return true;
    }

    bool take_head(Connection& connection) {
        const auto end = connection.received.find("\r\n\r\n");
        if (end == std::string::npos) {
            connection.over = connection.received.size() > longest_head;
            return false;
        }
        const auto head = std::string_view(connection.received).substr(0, end + 4);
        const auto target_at = head.find(' ') + 1;
        connection.target = head.substr(target_at, head.find(' ', target_at) - target_at);
        connection.close_after = field(head, "connection:") == "close";
        connection.body_left = number(field(head, "content-length:"));
        connection.over = !field(head, "transfer-encoding:").empty();  // nobody sends it here
        connection.received.erase(0, end + 4);
        connection.phase = Phase::body;
        return true;
    }

    bool take_body(Connection& connection) {
        const auto taken =
            std::min(connection.body_left, std::uint64_t{connection.received.size()});
        connection.received.erase(0, taken);
        connection.body_left -= taken;
        if (connection.body_left > 0)
            return false;
        choose_answer(connection);
        connection.phase = Phase::answer;
        return true;
    }

    bool send_answer(Connection& connection) {
        const auto sent = send_some(connection.socket, connection.answer);
        connection.answer.remove_prefix(sent.bytes);
        const bool done = connection.answer.empty();
        connection.over = sent.ended || (done && connection.close_after);
        if (connection.awaits_room == done) {
            connection.awaits_room = !done;
            poller_.change(connection.socket, done ? EPOLLIN : EPOLLOUT, &connection);
        }
        connection.phase = done ? Phase::head : Phase::answer;
        return done;
    }

    void choose_answer(Connection& connection) {
        constexpr std::string_view prefix = "/bytes/";
        const std::string_view target = connection.target;
        const auto size = target.starts_with(prefix) ? number(target.substr(prefix.size())) : 0;
        if (size > 0 && size <= largest) {
            ++counts_.requests;
            connection.answer = of_size(size);
            return;
        }
        connection.own = target == "/counts"
                             ? ok(counts_text())
                             : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
        connection.answer = connection.own;
    }

    static std::string ok(const std::string& body) {
        return "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nServer: bench\r\n"
               "Content-Type: application/octet-stream\r\nCache-Control: no-store\r\n"
               "Content-Length: " +
               std::to_string(body.size()) + "\r\n\r\n" + body;
    }

    std::string_view of_size(std::uint64_t size) {
        auto& text = answers_[size];
        if (text.empty())
            text = ok(std::string(size, 'x'));
        return text;
    }

    std::string counts_text() const {
        return "{\"requests\": " + std::to_string(counts_.requests) +
               ", \"connections\": " + std::to_string(counts_.connections) +
               ", \"handshakes\": " + std::to_string(counts_.handshakes) + "}\n";
    }

    static constexpr std::uint64_t largest = 64u << 20;
    static constexpr std::size_t longest_head = 64 * 1024;
    Poller poller_;
    Listener plain_;
    Listener socks_;
    Counts counts_;
    std::array<char, 64 * 1024> input_;
    std::unordered_map<std::uint64_t, std::string> answers_;
};

}  // namespace
}  // namespace beta::bench

using beta::bench::Backend;

int main() {
    try {
        const auto backend = std::make_unique<Backend>();
        backend->run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_backend: %s\n", error.what());
        return 70;
    }
}
