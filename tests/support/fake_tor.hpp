// FakeTor: a SOCKS5 port that behaves like tor's, or as badly as a test asks, and that keeps what
// it saw.
#pragma once

#include "support/gate.hpp"
#include "support/message.hpp"
#include "support/server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace beta::testing {

/// Routes and faults hold for connections that reach that step after they were set.
class FakeTor {
  public:
    /// One CONNECT as it arrived. What no honest client sends is in errors() instead.
    struct Request {
        std::string user;
        std::string password;
        std::string domain;
        std::uint16_t port = 0;
        std::string early{};  // what came with it, before the reply

        friend bool operator==(const Request&, const Request&) = default;
    };

    /// The three answers of the port.
    enum class Step : std::uint8_t { method, credentials, reply };

    struct Fault {
        std::optional<std::string> instead{};  // these bytes, and nothing afterwards
        std::string after{};                   // the right answer, then these in the same piece
        Gate* stall = nullptr;                 // passed before the answer
        bool close = false;                    // instead of an answer
        bool reset = false;
    };

    /// A port of an earlier one means: tor restarted.
    explicit FakeTor(std::uint16_t port = 0);

    std::uint16_t port() const noexcept { return server_.port(); }

    /// Streams to this destination end at a server on 127.0.0.1. Unrouted ones get F0, as from tor.
    void route(const std::string& domain, std::uint16_t port, std::uint16_t backend_port);
    /// CONNECTs to this destination are answered with this code.
    void refuse(const std::string& domain, std::uint16_t port, std::uint8_t code);
    void set_fault(Step step, const Fault& fault);
    void clear_faults();
    /// Every answer goes out in pieces of one byte.
    void answer_byte_by_byte();

    /// The circuits die: every stream ends now.
    void cut_streams() { server_.cut(); }
    void stop() { server_.stop(); }

    std::vector<Request> requests() const { return requests_.all(); }
    std::vector<Request> wait_for_requests(std::size_t count) const {
        return requests_.wait_for(count);
    }
    std::size_t accepted() const { return server_.accepted(); }
    void wait_for_accepted(std::size_t count) const { server_.wait_for_accepted(count); }
    void wait_for_ended(std::size_t count) const { server_.wait_for_ended(count); }
    std::vector<std::string> errors() const { return server_.errors(); }

  private:
    using Destination = std::pair<std::string, std::uint16_t>;

    void serve(Socket& client);
    bool answer(Socket& client, Step step, std::string right);
    Request read_request(MessageReader& reader, Socket& client, bool& alive);
    void connect(Socket& client, const Request& request);

    mutable std::mutex mutex_;  // guards the settings
    std::map<Destination, std::uint16_t> routes_;
    std::map<Destination, std::uint8_t> refusals_;
    std::map<Step, Fault> faults_;
    bool byte_by_byte_ = false;
    Recorder<Request> requests_;
    Server server_;  // last: its threads use everything above
};

}  // namespace beta::testing
