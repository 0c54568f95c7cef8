#include "support/message.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

namespace beta::testing {
namespace {

bool same_letters(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
    return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

std::string word(std::string_view line, int number) {
    for (; number > 0; --number) {
        const auto blank = line.find(' ');
        line = blank == line.npos ? std::string_view() : line.substr(blank + 1);
    }
    return std::string(line.substr(0, line.find(' ')));
}

std::vector<std::string> values(std::string_view head, std::string_view name) {
    std::vector<std::string> found;
    std::size_t at = head.find("\r\n");
    while (at != head.npos && at + 2 < head.size()) {
        const std::size_t end = head.find("\r\n", at + 2);
        const std::string_view line = head.substr(at + 2, end - at - 2);
        const std::size_t colon = line.find(':');
        if (colon != line.npos && same_letters(line.substr(0, colon), name)) {
            const std::size_t start = line.find_first_not_of(" \t", colon + 1);
            found.emplace_back(start == line.npos ? "" : line.substr(start));
        }
        at = end;
    }
    return found;
}

std::size_t number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end == text.data())
        throw std::runtime_error("not a number: " + std::string(text));
    return value;
}

}  // namespace

std::string Message::start_line() const {
    return head.substr(0, head.find("\r\n"));
}

int Message::status() const {
    return static_cast<int>(number(word(start_line(), 1), 10));
}

std::string Message::method() const {
    return word(start_line(), 0);
}

std::string Message::target() const {
    return word(start_line(), 1);
}

std::string Message::field(std::string_view name) const {
    const auto found = values(head, name);
    return found.empty() ? "" : found.front();
}

bool Message::has(std::string_view name) const {
    return count(name) > 0;
}

std::size_t Message::count(std::string_view name) const {
    return values(head, name).size();
}

std::string MessageReader::until(std::string_view mark) {
    for (;;) {
        const std::size_t at = received_.find(mark, taken_);
        if (at != received_.npos)
            return take(at + mark.size() - taken_);
        if (!fill())
            throw Ended(rest());
    }
}

std::string MessageReader::exactly(std::size_t size) {
    while (received_.size() - taken_ < size) {
        if (!fill())
            throw Ended(rest());
    }
    return take(size);
}

std::string MessageReader::to_end() {
    while (fill()) {
    }
    return take(received_.size() - taken_);
}

bool MessageReader::at_end() {
    return received_.size() == taken_ && !fill();
}

Message MessageReader::request() {
    Message message;
    message.head = message.raw = until("\r\n\r\n");
    read_framed(message);
    return message;
}

Message MessageReader::response(bool bodiless) {
    Message message;
    message.head = message.raw = until("\r\n\r\n");
    const int status = message.status();
    if (bodiless || status / 100 == 1 || status == 204 || status == 304)
        return message;
    if (message.has("Content-Length") || message.has("Transfer-Encoding")) {
        read_framed(message);
    } else {
        message.body = to_end();
        message.raw += message.body;
    }
    return message;
}

bool MessageReader::fill() {
    const std::string bytes = socket_.receive();
    received_ += bytes;
    return !bytes.empty();
}

std::string MessageReader::take(std::size_t size) {
    const std::string bytes = received_.substr(taken_, size);
    taken_ += size;
    return bytes;
}

void MessageReader::read_framed(Message& message) {
    if (message.has("Transfer-Encoding"))
        return read_chunks(message);
    if (message.has("Content-Length")) {
        message.body = exactly(number(message.field("Content-Length"), 10));
        message.raw += message.body;
    }
}

void MessageReader::read_chunks(Message& message) {
    for (;;) {
        const std::string size_line = until("\r\n");
        message.raw += size_line;
        const std::size_t size = number(size_line, 16);
        if (size == 0)
            break;
        const std::string data = exactly(size + 2);
        message.raw += data;
        message.body += data.substr(0, size);
    }
    for (std::string line; line != "\r\n";) {  // trailers
        line = until("\r\n");
        message.raw += line;
    }
}

}  // namespace beta::testing
