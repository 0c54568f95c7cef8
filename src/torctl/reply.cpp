#include "beta/torctl/reply.hpp"

#include "beta/torctl/plain.hpp"

#include <algorithm>
#include <utility>

namespace beta::torctl {
namespace {

constexpr std::size_t code_length = 3;
constexpr auto line_end = std::string_view("\r\n");

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// "250-": three digits, then '-', '+' or ' '.
bool begins_as_reply(std::string_view line) noexcept {
    return line.size() > code_length &&
           std::ranges::all_of(line.substr(0, code_length), is_digit) && line[0] != '0' &&
           std::string_view("-+ ").contains(line[code_length]);
}

/// A bare CR or LF, or a NUL: nothing that tor writes.
bool has_stray_end(std::string_view text) noexcept {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
}

std::uint16_t code_of(std::string_view line) noexcept {
    return static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 +
                                      (line[2] - '0'));
}

}  // namespace

std::string Reply::summary() const {
    return plain(std::to_string(status) + ' ' + lines.back().text);
}

std::expected<std::optional<Reply>, Fault> ReplyReader::next() {
    while (!fault_ && !ended_) {
        const auto found = line();
        if (!found) {
            fault_ = found.error();
        } else if (!*found) {
            buffer_.erase(0, std::exchange(used_, 0));
            return std::nullopt;
        } else {
            fault_ = take(**found);
        }
    }
    if (fault_)
        return std::unexpected(*fault_);
    ended_ = false;
    bytes_ = 0;
    return std::exchange(reply_, {});
}

/// The next whole line, without its end. The view holds until the buffer changes.
std::expected<std::optional<std::string_view>, Fault> ReplyReader::line() {
    scanned_ = std::max(scanned_, used_);
    const auto end = buffer_.find(line_end, scanned_);
    const bool is_whole = end != buffer_.npos;
    // A CR at the end may be half of one.
    const auto stop = is_whole ? end : buffer_.size() - (buffer_.ends_with('\r') ? 1 : 0);
    const auto length = stop - std::min(stop, used_);
    if (reply_.lines.empty() && buffer_.compare(used_, 5, "HTTP/") == 0)
        return std::unexpected(Fault::http_answer);
    if (length > limits_.line_bytes)
        return std::unexpected(Fault::line_too_long);
    if (!is_whole) {
        scanned_ = length;  // next() is about to drop what is used
        return std::nullopt;
    }
    const std::string_view found = std::string_view(buffer_).substr(used_, length);
    used_ = scanned_ = end + line_end.size();
    return found;
}

std::optional<Fault> ReplyReader::take(std::string_view line) {
    if (const auto fault = check_size(line.size()))
        return fault;
    return in_data_ ? take_data(line) : begin_line(line);
}

/// CmdData (control-spec §2.4): a lone dot ends it, a leading one is doubled.
std::optional<Fault> ReplyReader::take_data(std::string_view line) {
    if (line == ".") {
        in_data_ = false;
        auto& data = *reply_.lines.back().data;
        if (data.ends_with('\n'))
            data.pop_back();
        return {};
    }
    if (line.starts_with('.'))
        line.remove_prefix(1);
    reply_.lines.back().data->append(line).append(1, '\n');
    return {};
}

std::optional<Fault> ReplyReader::begin_line(std::string_view line) {
    if (!begins_as_reply(line) || has_stray_end(line))
        return Fault::malformed_line;
    const auto code = code_of(line);
    const bool is_event = code / 100 == 6;
    if (!reply_.lines.empty() && reply_.is_event() != is_event)
        return Fault::event_inside_reply;
    if (reply_.lines.size() == limits_.lines)
        return Fault::too_many_lines;
    reply_.status = std::max(reply_.status, code);
    reply_.lines.push_back({.text = std::string(line.substr(code_length + 1))});
    in_data_ = line[code_length] == '+';
    if (in_data_)
        reply_.lines.back().data.emplace();
    ended_ = line[code_length] == ' ';
    return {};
}

std::optional<Fault> ReplyReader::check_size(std::size_t more) {
    bytes_ += more + line_end.size();
    return bytes_ > limits_.bytes ? std::optional(Fault::reply_too_large) : std::nullopt;
}

}  // namespace beta::torctl
