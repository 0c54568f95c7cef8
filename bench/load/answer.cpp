#include "answer.hpp"

#include <charconv>

namespace beta::bench {

void Answer::restart() noexcept {
    partial_head_.clear();
    body_left_ = 0;
    in_body_ = false;
}

Answer::State Answer::take(std::string_view received) {
    if (in_body_)
        return skip(received.size());
    const bool whole = partial_head_.empty() && received.find("\r\n\r\n") != received.npos;
    if (!whole)
        received = partial_head_ += received;
    const auto end = received.find("\r\n\r\n");
    if (end == received.npos)
        return State::under_way;
    if (take_head(received.substr(0, end + 2)) == State::wrong)
        return State::wrong;
    in_body_ = true;
    return skip(received.size() - end - 4);
}

Answer::State Answer::skip(std::uint64_t bytes) noexcept {
    if (bytes > body_left_)
        return State::wrong;
    body_left_ -= bytes;
    return body_left_ == 0 ? State::complete : State::under_way;
}

Answer::State Answer::take_head(std::string_view head) {
    unsigned status = 0;
    if (head.size() < 12 || !head.starts_with("HTTP/1.1 "))
        return State::wrong;
    std::from_chars(head.data() + 9, head.data() + 12, status);
    constexpr std::string_view length = "\r\ncontent-length: ";
    auto at = head.find("\r\nContent-Length: ");
    if (at == head.npos)
        at = head.find(length);
    if (at == head.npos)
        return State::wrong;
    std::from_chars(head.data() + at + length.size(), head.data() + head.size(), body_left_);
    const bool right = status == status_ && (bytes_ == 0 || body_left_ == bytes_);
    return right ? State::under_way : State::wrong;
}

}  // namespace beta::bench
