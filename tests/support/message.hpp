// Message: just enough HTTP/1.1 to cut a byte stream of a well-behaved test peer into messages.
#pragma once

#include "support/socket.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace beta::testing {

struct Message {
    std::string head{};  // start line to the empty line, as received
    std::string body{};  // decoded
    std::string raw{};   // head and body as received

    std::string start_line() const;
    int status() const;          // of a response
    std::string method() const;  // of a request
    std::string target() const;
    /// The value of the first field of that name, whatever its case; empty when there is none.
    std::string field(std::string_view name) const;
    bool has(std::string_view name) const;
    std::size_t count(std::string_view name) const;
};

struct Ended : std::runtime_error {
    explicit Ended(const std::string& rest)
        : std::runtime_error("the stream ended within a message, after: " + rest) {}
};

/// Cuts a socket's bytes into messages. What it throws: Ended, Reset, TimedOut.
class MessageReader {
  public:
    explicit MessageReader(Socket& socket) : socket_(socket) {}

    std::string until(std::string_view mark);  // including the mark
    std::string exactly(std::size_t size);
    std::string to_end();  // what is left, at the end of the stream
    bool at_end();         // blocks until there is a byte or the end

    Message request();
    /// `bodiless`: the answer to HEAD. A response without length runs to the end of the stream.
    Message response(bool bodiless = false);

    /// Received and not taken yet.
    std::string rest() const { return received_.substr(taken_); }
    /// Everything ever received, whether taken or not.
    const std::string& received() const noexcept { return received_; }

  private:
    bool fill();  // false at the end of the stream
    std::string take(std::size_t size);
    void read_framed(Message& message);
    void read_chunks(Message& message);

    Socket& socket_;
    std::string received_;
    std::size_t taken_ = 0;
};

}  // namespace beta::testing
