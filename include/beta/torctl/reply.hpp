// Reply: what tor's control port says, read from bytes in pieces of any size (control-spec §2.3).
#pragma once

#include "beta/torctl/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::torctl {

/// Tor is trusted with much, but not with our memory; and it may be another that answers.
struct ReplyLimits {
    std::size_t line_bytes = 64uz * 1024;  // a circuit's line has some 500 bytes
    std::size_t lines = 4096;              // GETINFO of everything we ask has a dozen
    std::size_t bytes = 4uz << 20;         // circuit-status of 8,000 circuits
};

struct Reply {
    struct Line {
        std::string text;                   // behind the status code and its separator
        std::optional<std::string> data{};  // of a '+' line, lines joined by '\n'

        bool operator==(const Line&) const = default;
    };

    std::uint16_t status = 0;  // of its worst line: 250, 515, 650
    std::vector<Line> lines;   // one at least

    bool is_event() const noexcept { return status / 100 == 6; }
    bool is_ok() const noexcept { return status / 100 == 2; }
    const std::string& first() const noexcept { return lines.front().text; }
    /// "515 Authentication failed: …", printable and short: for a log.
    std::string summary() const;

    bool operator==(const Reply&) const = default;
};

/// Bytes in, one reply or event at a time out. What is beyond a reply stays for the next. After a
/// fault nothing can be known about where a line begins: it stays, and the connection is to close.
class ReplyReader {
  public:
    explicit ReplyReader(ReplyLimits limits = {}) : limits_(limits) {}

    void receive(std::string_view bytes) { buffer_.append(bytes); }
    /// The next whole one, or nothing yet. Call until nothing, or what came is kept unread.
    std::expected<std::optional<Reply>, Fault> next();

  private:
    std::expected<std::optional<std::string_view>, Fault> line();
    std::optional<Fault> take(std::string_view line);
    std::optional<Fault> take_data(std::string_view line);
    std::optional<Fault> begin_line(std::string_view line);
    std::optional<Fault> check_size(std::size_t more);

    ReplyLimits limits_;
    std::string buffer_;
    std::size_t used_ = 0;     // of the buffer: lines taken
    std::size_t scanned_ = 0;  // of the buffer: without a line end
    Reply reply_;              // so far
    std::size_t bytes_ = 0;    // of reply_
    bool in_data_ = false;
    bool ended_ = false;
    std::optional<Fault> fault_;
};

}  // namespace beta::torctl
