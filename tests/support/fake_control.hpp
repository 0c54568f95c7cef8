// FakeControl: a control port that behaves like tor's, or as badly as a test asks, and that keeps
// what it was told.
#pragma once

#include "support/gate.hpp"
#include "support/server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace beta::testing {

/// Settings hold for commands that arrive after they were made.
class FakeControl {
  public:
    struct Tor {
        std::string methods = "NULL";
        std::string cookie_file{};  // as PROTOCOLINFO names it
        std::string cookie{};       // what tor knows, whatever stands in the file
        std::string password{};
    };

    /// Instead of the right answer to a command.
    struct Fault {
        std::optional<std::string> instead{};  // these bytes
        Gate* stall = nullptr;                 // passed before the answer
        bool close = false;
    };

    /// A port of an earlier one means: tor restarted.
    explicit FakeControl(Tor tor, std::uint16_t port = 0);

    std::uint16_t port() const noexcept { return server_.port(); }

    /// "status/circuit-established", "1".
    void set_info(const std::string& key, const std::string& value);
    void set_fault(const std::string& verb, const Fault& fault);
    void clear_faults();
    void answer_byte_by_byte();
    /// Bytes to everybody who is authenticated: "650 CIRC 1 BUILT\r\n", or anything else.
    void say(const std::string& bytes);

    void cut() { server_.cut(); }
    void stop() { server_.stop(); }

    /// Lines as they came, of all connections.
    std::vector<std::string> commands() const { return commands_.all(); }
    std::vector<std::string> wait_for_commands(std::size_t count) const {
        return commands_.wait_for(count);
    }
    void wait_for_accepted(std::size_t count) const { server_.wait_for_accepted(count); }
    std::vector<std::string> errors() const { return server_.errors(); }

  private:
    struct Conversation {
        std::string nonces{};  // of an AUTHCHALLENGE, the client's and ours
        bool is_authenticated = false;
    };

    void serve(Socket& client);
    bool answer(Socket& client, Conversation& conversation, const std::string& line);
    std::string right_answer(Conversation& conversation, const std::string& line);
    std::string authenticate(Conversation& conversation, std::string_view proof) const;
    std::string info(std::string_view keys) const;
    void send(Socket& client, std::string_view bytes);

    const Tor tor_;
    mutable std::mutex mutex_;  // guards the settings, and that answers come whole
    std::map<std::string, std::string, std::less<>> info_;
    std::map<std::string, Fault> faults_;
    std::set<Socket*> listening_;
    bool byte_by_byte_ = false;
    Recorder<std::string> commands_;
    Server server_;  // last: its threads use everything above
};

}  // namespace beta::testing
