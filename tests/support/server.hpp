// Server: accepts on a free port and serves each connection on a thread of its own, all joined at
// the end.
#pragma once

#include "support/socket.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace beta::testing {

class Server {
  public:
    /// `index` counts connections from 0. What `serve` throws ends that connection and is kept.
    using Serve = std::function<void(Socket& socket, std::size_t index)>;

    explicit Server(Serve serve, std::uint16_t port = 0);
    ~Server();

    std::uint16_t port() const noexcept { return listener_.port(); }
    std::size_t accepted() const;
    /// Once so many have been accepted in all.
    void wait_for_accepted(std::size_t count) const;
    /// Once so many have ended, on either side's wish.
    void wait_for_ended(std::size_t count) const;
    /// Ends every connection that is open now, as the death of a circuit does.
    void cut();
    /// Stops accepting, ends and joins everything. The port is free afterwards. Once.
    void stop();
    /// What connections failed with, in no particular order.
    std::vector<std::string> errors() const;

  private:
    struct Connection {
        Socket socket;
        std::thread thread{};
        bool open = true;
    };

    void accept_all();
    void run(Connection& connection, std::size_t index);
    std::size_t ended() const;

    Serve serve_;
    Listener listener_;
    mutable std::mutex mutex_;  // guards what follows
    mutable std::condition_variable changed_;
    std::list<Connection> connections_;
    std::vector<std::string> errors_;
    bool stopped_ = false;
    std::thread acceptor_;  // last: it uses everything above
};

}  // namespace beta::testing
