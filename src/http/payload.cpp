#include "beta/http/payload.hpp"

#include <algorithm>
#include <charconv>

namespace beta::http {

void Payload::feed(std::string_view bytes, std::string& out) {
    if (part_ == Part::whole) {
        out += bytes;
        return;
    }
    while (!bytes.empty()) {
        if (part_ == Part::data) {
            const auto take = std::min<std::uint64_t>(left_, bytes.size());
            out += bytes.substr(0, static_cast<std::size_t>(take));
            bytes.remove_prefix(static_cast<std::size_t>(take));
            left_ -= take;
            if (left_ == 0)
                part_ = Part::data_end;
            continue;
        }
        const char c = bytes.front();
        bytes.remove_prefix(1);
        if (part_ == Part::size) {
            unsigned digit = 0;
            if (std::from_chars(&c, &c + 1, digit, 16).ec == std::errc{})
                left_ = left_ * 16 + digit;
            else
                part_ = Part::size_rest;
        }
        if (c != '\n')
            continue;
        if (part_ == Part::size_rest)
            part_ = left_ == 0 ? Part::trailers : Part::data;
        else if (part_ == Part::data_end)
            part_ = Part::size;
    }
}

}  // namespace beta::http
