// Reads streams from stdin and says on stdout where we cut them: tests/differential/run.py
// compares. In: 'q' (requests) or 'a' (answers), four bytes of length, the stream. Out: a line of
// JSON each.
#include "fuzz/cut.hpp"

#include <array>
#include <cstdio>
#include <string>

namespace {

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes) {
        text += digits[static_cast<unsigned char>(c) >> 4];
        text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
}

std::string quoted(const std::string& name, const std::string& value) {
    return '"' + name + "\":\"" + value + '"';
}

std::string line_of(const beta::fuzz::Cut& cut) {
    std::string text = "{" + quoted("failure", std::string(beta::model::facts(cut.failure).name)) +
                       ",\"used\":" + std::to_string(cut.used) + ",\"messages\":[";
    for (const auto& message : cut.messages) {
        if (text.back() != '[')
            text += ',';
        text += "{" + quoted("method", hex(message.method)) + "," +
                quoted("target", hex(message.target)) +
                ",\"status\":" + std::to_string(message.status) + "," +
                quoted("head", hex(message.head)) + "," + quoted("body", hex(message.body)) +
                ",\"payload\":" + std::to_string(message.payload) +
                ",\"end\":" + std::to_string(message.end) +
                ",\"whole\":" + (message.whole ? "true" : "false") + "}";
    }
    return text + "]}\n";
}

}  // namespace

int main() {
    std::array<unsigned char, 5> front{};
    while (std::fread(front.data(), 1, front.size(), stdin) == front.size()) {
        std::size_t size = 0;
        for (std::size_t i = 1; i < front.size(); ++i)
            size = size * 256 + front[i];
        std::string bytes(size, '\0');
        if (std::fread(bytes.data(), 1, size, stdin) != size)
            return 1;
        const auto cut = front[0] == 'q' ? beta::fuzz::cut_requests(bytes, size)
                                         : beta::fuzz::cut_answers(bytes, size);
        const auto line = line_of(cut);
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fflush(stdout);
    }
    return 0;
}
