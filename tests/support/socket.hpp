// Socket and Listener: blocking TCP on 127.0.0.1 that throws at a deadline instead of hanging a
// test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace beta::testing {

struct Reset : std::runtime_error {
    Reset() : std::runtime_error("the peer reset the connection") {}
};

/// One connection. One thread at a time, but for interrupt().
class Socket {
  public:
    static Socket connect(std::uint16_t port);

    explicit Socket(int descriptor);
    Socket(Socket&& other) noexcept;
    ~Socket();

    /// All of it. Throws Reset when the peer is gone, TimedOut when it does not read.
    void send(std::string_view bytes);
    /// What there is, at most so many bytes; empty at the end of the stream. Throws Reset,
    /// TimedOut.
    std::string receive(std::size_t at_most = 64 * 1024);

    void half_close();               // FIN; the peer may go on sending
    void close();                    // FIN, or RST when bytes were left unread
    void reset();                    // RST
    void interrupt();                // any thread: whoever blocks on it sees the end of the stream
    void shrink_buffers(int bytes);  // so that back-pressure shows soon

  private:
    std::unique_ptr<std::mutex> closing_ = std::make_unique<std::mutex>();
    int descriptor_;
};

class Listener {
  public:
    explicit Listener(std::uint16_t port = 0);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const noexcept { return port_; }
    /// Nothing once stopped.
    std::optional<Socket> accept();
    void stop();  // any thread

  private:
    int descriptor_;
    std::uint16_t port_ = 0;
};

}  // namespace beta::testing
