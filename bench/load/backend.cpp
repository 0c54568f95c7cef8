// bench_backend: a fast HTTP/1.1 server, plain on one port and behind a SOCKS5 handshake on
// another.
//
//     bench_backend [CERTIFICATE KEY CA]    with them, both once more on ports of mutual TLS
//
// GET or POST /bytes/N answers N bytes; GET /counts answers what was served so far, as JSON. The
// SOCKS port serves the same on the very connection of the handshake, so no relay is measured.
#include "fake_socks.hpp"
#include "sockets.hpp"
#include "stream.hpp"
#include "tls.hpp"

#include <signal.h>

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
#include <vector>

namespace beta::bench {
namespace {

struct Counts {
    std::uint64_t requests = 0;
    std::uint64_t connections = 0;
    std::uint64_t handshakes = 0;
};

struct Connection {
    enum class Phase { handshake, greeting, head, body, answer };

    Stream stream;
    Phase phase = Phase::head;
    const Tls* tls = nullptr;  // or null: in clear
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
    const char* name;
    bool socks = false;
    const Tls* tls = nullptr;  // or null: in clear
    Socket socket = listen_on_loopback();
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
    explicit Backend(const PemFiles& files) {
        if (!files.certificate.empty()) {
            tls_ = std::make_unique<const Tls>(Tls::Side::server, files);
            listeners_.push_back({.name = "https", .tls = tls_.get()});
            listeners_.push_back({.name = "socks_tls", .socks = true, .tls = tls_.get()});
        }
        for (auto& listener : listeners_)
            poller_.add(listener.socket, EPOLLIN, &listener);
    }

    [[noreturn]] void run() {
        const char* before = "{";
        for (const auto& listener : listeners_) {
            std::printf("%s\"%s\": %u", before, listener.name, unsigned{port_of(listener.socket)});
            before = ", ";
        }
        std::printf("}\n");
        std::fflush(stdout);
        for (;;)
            for (const auto& event : poller_.wait(-1))
                dispatch(event);
    }

  private:
    using Phase = Connection::Phase;

    void dispatch(const epoll_event& event) {
        for (const auto& listener : listeners_)
            if (event.data.ptr == &listener)
                return accept_all(listener);
        auto* const connection = static_cast<Connection*>(event.data.ptr);
        serve(*connection);
        if (connection->over)
            delete connection;  // closing takes it out of epoll
    }

    void accept_all(const Listener& listener) {
        while (auto socket = accept_from(listener.socket)) {
            ++counts_.connections;
            auto connection = std::make_unique<Connection>();
            connection->stream = Stream(std::move(socket));
            connection->tls = listener.tls;
            if (listener.socks)
                connection->phase = Phase::handshake;
            else
                begin(*connection);
            poller_.add(connection->stream.socket(), EPOLLIN, connection.get());
            static_cast<void>(connection.release());  // epoll holds it until it is over
        }
    }

    void begin(Connection& connection) {
        if (connection.tls != nullptr)
            connection.stream.secure(*connection.tls, false);
        connection.phase = connection.tls != nullptr ? Phase::greeting : Phase::head;
    }

    /// One read an event: epoll comes again if there is more.
    void serve(Connection& connection) {
        if (connection.phase == Phase::head || connection.phase == Phase::body) {
            const auto got = connection.stream.receive(input_);
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
            case Phase::greeting:
                return greet(connection);
            case Phase::head:
                return take_head(connection);
            case Phase::body:
                return take_body(connection);
            case Phase::answer:
                return send_answer(connection);
        }
        return false;
    }

    /// Takes no byte that is not SOCKS's: TLS begins right behind the request, before the reply.
    bool take_handshake(Connection& connection) {
        const auto there = look_at_some(connection.stream.socket(), input_);
        std::string reply;
        std::string received(input_.data(), there.bytes);
        const auto state = connection.handshake.take(received, reply);
        if (const auto taken = there.bytes - received.size(); taken > 0)
            connection.stream.discard(taken);
        const bool sent = reply.empty() || connection.stream.send(reply).bytes == reply.size();
        connection.over = there.ended || !sent || state == FakeSocks::State::refused;
        if (state != FakeSocks::State::connected)
            return false;
        ++counts_.handshakes;
        begin(connection);
        return true;
    }

    /// Of TLS; the request comes with an event of its own.
    static bool greet(Connection& connection) {
        const auto said = connection.stream.greet();
        connection.over = said.ended;
        if (!said.again)
            connection.phase = Phase::head;
        return false;
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
        const auto sent = connection.stream.send(connection.answer);
        connection.answer.remove_prefix(sent.bytes);
        const bool done = connection.answer.empty();
        connection.over = sent.ended || (done && connection.close_after);
        if (connection.awaits_room == done) {
            connection.awaits_room = !done;
            poller_.change(connection.stream.socket(), done ? EPOLLIN : EPOLLOUT, &connection);
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

    static std::vector<Listener> two_plain() {
        std::vector<Listener> both;
        both.push_back({.name = "http"});
        both.push_back({.name = "socks", .socks = true});
        return both;
    }

    static constexpr std::uint64_t largest = 64u << 20;
    static constexpr std::size_t longest_head = 64 * 1024;
    Poller poller_;
    std::vector<Listener> listeners_ = two_plain();
    std::unique_ptr<const Tls> tls_;
    Counts counts_;
    std::array<char, 64 * 1024> input_;
    std::unordered_map<std::uint64_t, std::string> answers_;
};

}  // namespace
}  // namespace beta::bench

using beta::bench::Backend;
using beta::bench::PemFiles;

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    try {
        const PemFiles files = argc == 4 ? PemFiles{argv[1], argv[2], argv[3]} : PemFiles{};
        const auto backend = std::make_unique<Backend>(files);
        backend->run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_backend: %s\n", error.what());
        return 70;
    }
}
