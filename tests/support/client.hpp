// Client: a raw HTTP client. What a test sends is what goes out, byte for byte.
#pragma once

#include "support/message.hpp"
#include "support/socket.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::testing {

class Client {
  public:
    enum class End : std::uint8_t { closed, reset };

    explicit Client(std::uint16_t port) : socket_(Socket::connect(port)), reader_(socket_) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void send(std::string_view bytes) { socket_.send(bytes); }
    void send_byte_by_byte(std::string_view bytes);

    Message response(bool bodiless = false) { return reader_.response(bodiless); }
    /// Sends, then reads one response.
    Message ask(std::string_view request);
    std::string until(std::string_view mark) { return reader_.until(mark); }
    std::string exactly(std::size_t size) { return reader_.exactly(size); }

    /// Everything up to the end of the stream.
    std::string to_end() { return reader_.to_end(); }
    /// Reads to the end and tells how it ended; what came before is in received().
    End end();

    void half_close() { socket_.half_close(); }
    void close() { socket_.close(); }
    void reset() { socket_.reset(); }
    /// Before sending: so that a test of back-pressure need not move megabytes.
    void shrink_buffers(int bytes) { socket_.shrink_buffers(bytes); }

    const std::string& received() const noexcept { return reader_.received(); }

  private:
    Socket socket_;
    MessageReader reader_;
};

}  // namespace beta::testing
