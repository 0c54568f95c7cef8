// bench_load: a closed-loop load generator: N connections, one request under way on each.
//
// Prints one JSON object: requests done, requests a second, latency quantiles. Every answer is
// checked for its status and length; any error ends it with code 70. With --idle it holds its
// connections until stdin ends; with --wait it opens them, says so, and begins at a byte on stdin.
// With --certificate, --key and --ca it speaks mutual TLS.
#include "answer.hpp"
#include "histogram.hpp"
#include "options.hpp"
#include "sockets.hpp"
#include "stream.hpp"
#include "tls.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace beta::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Client {
    enum class Phase { closed, connecting, greeting, sending, receiving, last_bytes, resting };

    Client(unsigned status, std::uint64_t bytes) : answer(status, bytes) {}

    Phase phase = Phase::closed;
    Stream stream;
    Answer answer;
    std::string_view unsent;
    Clock::time_point begun;
};

class Generator {
  public:
    explicit Generator(const Options& options)
        : options_(options), request_(request_text(options)) {
        const auto count = options.idle > 0 ? options.idle : options.connections;
        for (std::size_t i = 0; i < count; ++i)
            clients_.push_back(
                std::make_unique<Client>(options.expect_status, options.expect_bytes));
        opening_ = options.idle > 0 || options.wait;
        to_do_ = opening_ ? count : options.requests;
        if (!options.tls.certificate.empty())
            tls_.emplace(Tls::Side::client, options.tls);
    }

    void run() {
        begun_ = Clock::now();
        ended_ = begun_;
        // The first alone brings the ticket that all others use.
        const auto at_once = options_.resume ? 1 : std::min(clients_.size(), options_.connections);
        while (opened_ < at_once)
            open_next();
        serve_all();
        if (options_.idle > 0)
            hold();
        if (errors_ > 0)
            give_up();
        if (options_.wait)
            begin_anew();
        report();
    }

  private:
    using Phase = Client::Phase;

    void serve_all() {
        while (busy_ > 0) {
            const auto events = poller_.wait(10'000);
            if (events.empty())
                throw std::runtime_error("nothing came for ten seconds");
            for (const auto& event : events)
                serve(*static_cast<Client*>(event.data.ptr));
        }
    }

    /// On connections that are open, and counted from here.
    void begin_anew() {
        std::printf("{\"ready\": %zu}\n", clients_.size());
        std::fflush(stdout);
        char byte;
        if (::read(STDIN_FILENO, &byte, 1) != 1)
            throw std::runtime_error("nobody said when to begin");
        opening_ = false;
        latencies_ = {};
        started_ = 0;
        to_do_ = options_.requests;
        begun_ = ended_ = Clock::now();
        for (const auto& client : clients_) {
            ++busy_;
            client->begun = begun_;
            start(*client);
        }
        serve_all();
        if (errors_ > 0)
            give_up();
    }

    void open_next() { open(*clients_[opened_++]); }

    void open(Client& client) {
        client.begun = Clock::now();
        client.stream =
            Stream(start_connect(options_.port, static_cast<std::uint8_t>(++sources_ % 64)));
        ++busy_;
        if (!client.stream)
            return fail(client, "refused");
        client.phase = Phase::connecting;
        poller_.add(client.stream.socket(), EPOLLOUT, &client);
    }

    void serve(Client& client) {
        switch (client.phase) {
            case Phase::connecting:
                return connected(client);
            case Phase::greeting:
                return greet(client);
            case Phase::sending:
                return send(client);
            case Phase::receiving:
                return receive(client);
            case Phase::last_bytes:
                return await_end(client);
            case Phase::resting:
                return fail(client, "closed while idle");
            case Phase::closed:
                return;
        }
    }

    void connected(Client& client) {
        if (connect_result(client.stream.socket()) != 0)
            return fail(client, "connect");
        poller_.change(client.stream.socket(), EPOLLIN, &client);
        if (tls_)
            client.stream.secure(*tls_, options_.resume);
        client.phase = Phase::greeting;
        greet(client);
    }

    void greet(Client& client) {
        const auto said = client.stream.greet();
        if (said.again)
            return;
        if (said.ended)
            return fail(client, "handshake");
        if (client.stream.resumed() != (options_.resume && connections_ > 0))
            return fail(client, "full where it should be resumed, or the other way");
        ++connections_;
        start(client);
    }

    void start(Client& client) {
        ++started_;
        client.answer.restart();
        client.unsent = request_;
        client.phase = Phase::receiving;
        send(client);
    }

    void send(Client& client) {
        const auto sent = client.stream.send(client.unsent);
        if (sent.ended)
            return fail(client, "send");
        client.unsent.remove_prefix(sent.bytes);
        const auto phase = client.unsent.empty() ? Phase::receiving : Phase::sending;
        if (phase != client.phase)
            poller_.change(client.stream.socket(), phase == Phase::sending ? EPOLLOUT : EPOLLIN,
                           &client);
        client.phase = phase;
    }

    void receive(Client& client) {
        Answer::State state;
        if (client.answer.in_head()) {
            const auto got = client.stream.receive(input_);
            if (got.ended)
                return fail(client, "closed before the answer");
            state = client.answer.take({input_.data(), got.bytes});
        } else {
            const auto got = client.stream.discard(client.answer.body_left());
            if (got.ended)
                return fail(client, "closed within the answer");
            state = client.answer.skip(got.bytes);
        }
        if (state == Answer::State::wrong)
            return fail(client, "wrong status or length");
        if (state == Answer::State::complete)
            complete(client);
    }

    void complete(Client& client) {
        ended_ = Clock::now();
        latencies_.record(static_cast<std::uint64_t>((ended_ - client.begun).count()));
        while (options_.resume && opened_ < clients_.size())
            open_next();
        if (options_.new_connections) {
            client.phase = Phase::last_bytes;
            return await_end(client);
        }
        if (!more()) {
            client.phase = Phase::resting;
            --busy_;
        } else if (opening_) {
            client.phase = Phase::resting;
            --busy_;
            if (opened_ < clients_.size())
                open_next();
        } else {
            client.begun = ended_;
            start(client);
        }
    }

    /// The proxy was asked to close: it must, and say nothing more.
    void await_end(Client& client) {
        const auto got = client.stream.receive(input_);
        if (got.again)
            return;
        if (got.bytes > 0)
            return fail(client, "bytes after the answer");
        close(client);
        if (more())
            open(client);
    }

    bool more() const {
        if (to_do_ > 0)
            return started_ < to_do_;
        return std::chrono::duration<double>(ended_ - begun_).count() < options_.seconds;
    }

    void close(Client& client) {
        client.stream.close();
        client.phase = Phase::closed;
        --busy_;
    }

    void fail(Client& client, const char* why) {
        const bool was_idle = client.phase == Phase::resting;
        ++errors_;
        first_error_ = first_error_ ? first_error_ : why;
        close(client);
        busy_ += was_idle ? 1 : 0;
        if (errors_ > most_errors)
            give_up();
        if (!was_idle && more())
            open(client);
    }

    [[noreturn]] void give_up() const {
        throw std::runtime_error(std::to_string(errors_) + " errors, first: " + first_error_);
    }

    void hold() {
        std::printf("{\"held\": %zu}\n", clients_.size());
        std::fflush(stdout);
        char byte;
        while (::read(STDIN_FILENO, &byte, 1) > 0) {
        }
        for (const auto& client : clients_)
            if (client->phase != Phase::resting || !client->stream.receive(input_).again)
                ++errors_, first_error_ = "closed while idle";
    }

    void report() const {
        const auto seconds = std::chrono::duration<double>(ended_ - begun_).count();
        const auto micro = [&](double q) {
            return static_cast<double>(latencies_.quantile(q)) / 1e3;
        };
        std::printf(
            "{\"requests\": %llu, \"connections\": %llu, \"tickets\": %llu, "
            "\"seconds\": %.6f, \"rps\": %.1f, "
            "\"p50_us\": %.1f, \"p99_us\": %.1f, \"p999_us\": %.1f, \"max_us\": %.1f}\n",
            static_cast<unsigned long long>(latencies_.count()),
            static_cast<unsigned long long>(connections_),
            static_cast<unsigned long long>(tls_ ? tls_->tickets() : 0), seconds,
            static_cast<double>(latencies_.count()) / seconds, micro(0.5), micro(0.99),
            micro(0.999), static_cast<double>(latencies_.most()) / 1e3);
    }

    static constexpr std::uint64_t most_errors = 100;
    const Options& options_;
    std::string request_;
    std::optional<Tls> tls_;  // before the clients that use it
    std::vector<std::unique_ptr<Client>> clients_;
    Poller poller_;
    Histogram latencies_;
    std::array<char, 64 * 1024> input_;
    Clock::time_point begun_;
    Clock::time_point ended_;
    bool opening_ = false;  // each connection does one request, and rests
    std::uint64_t to_do_ = 0;
    std::uint64_t started_ = 0;
    std::uint64_t connections_ = 0;
    std::uint64_t errors_ = 0;
    const char* first_error_ = nullptr;
    std::size_t opened_ = 0;
    std::size_t busy_ = 0;
    std::size_t sources_ = 0;
};

}  // namespace
}  // namespace beta::bench

using beta::bench::Generator;

int main(int argc, char** argv) {
    ::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    try {
        const auto options = beta::bench::parse_options(argc, argv);
        const auto generator = std::make_unique<Generator>(options);
        generator->run();
        return 0;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return 64;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_load: %s\n", error.what());
        return 70;
    }
}
