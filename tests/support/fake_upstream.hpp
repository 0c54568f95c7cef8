// FakeUpstream: an HTTP server that a test scripts byte by byte, and that keeps the bytes it
// received.
#pragma once

#include "support/gate.hpp"
#include "support/message.hpp"
#include "support/server.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace beta::testing {

/// What one connection does, step by step; after the last step it closes.
class Script {
  public:
    Script& read_request();  // head and body; kept in FakeUpstream::requests()
    Script& read_until(std::string mark);
    Script& read_exactly(std::size_t size);
    Script& read_to_end();
    Script& send(std::string bytes);
    Script& send_byte_by_byte(std::string bytes);
    Script& pass(Gate& gate);  // waits until the test opens it
    Script& half_close();
    Script& close();
    Script& reset();

  private:
    friend class FakeUpstream;
    struct Stage {
        Socket& socket;
        MessageReader& reader;
        Recorder<Message>& requests;
    };
    std::vector<std::function<void(Stage&)>> steps_;
};

class FakeUpstream {
  public:
    /// Gives the bytes of the answer. Connections are kept alive until the peer closes, or until
    /// the request or the answer says "Connection: close".
    using Handler = std::function<std::string(const Message& request)>;

    /// "200 OK" with this body, whatever is asked.
    explicit FakeUpstream(const std::string& body = "hello");
    explicit FakeUpstream(Handler handler);
    /// The n-th connection plays the n-th script; beyond the last, the last one again.
    explicit FakeUpstream(std::vector<Script> scripts);

    std::uint16_t port() const noexcept { return server_.port(); }
    std::size_t accepted() const { return server_.accepted(); }
    void wait_for_accepted(std::size_t count) const { server_.wait_for_accepted(count); }
    void wait_for_ended(std::size_t count) const { server_.wait_for_ended(count); }
    void cut() { server_.cut(); }
    void stop() { server_.stop(); }

    /// Requests read so far, of all connections in order of their ends.
    std::vector<Message> requests() const { return requests_.all(); }
    std::vector<Message> wait_for_requests(std::size_t count) const {
        return requests_.wait_for(count);
    }
    /// Every byte that connection `index` received; complete once it has ended.
    std::string received(std::size_t index) const;
    /// What went wrong in scripts and handlers; a test that expects none checks that it is empty.
    std::vector<std::string> errors() const { return server_.errors(); }

  private:
    using Serve = std::function<void(Script::Stage&, std::size_t index)>;

    explicit FakeUpstream(Serve serve);
    static Serve serve_by(Handler handler);
    static Serve serve_by(std::vector<Script> scripts);
    void run(Socket& socket, std::size_t index);

    Serve serve_;
    Recorder<Message> requests_;
    mutable std::mutex mutex_;
    std::map<std::size_t, std::string> received_;
    Server server_;  // last: its threads use everything above
};

/// "HTTP/1.1 200 OK" with Content-Length and this body.
std::string ok(const std::string& body);

}  // namespace beta::testing
