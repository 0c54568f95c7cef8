// Answer: checks one HTTP response as it comes: status, length, and nothing after it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beta::bench {

class Answer {
  public:
    enum class State { under_way, complete, wrong };

    Answer(unsigned status, std::uint64_t bytes) : status_(status), bytes_(bytes) {}

    void restart() noexcept;
    State take(std::string_view received);
    /// Bytes of the body that are still due, once the head is in: they may be thrown away unread.
    std::uint64_t body_left() const noexcept { return body_left_; }
    State skip(std::uint64_t bytes) noexcept;
    bool in_head() const noexcept { return !in_body_; }

  private:
    State take_head(std::string_view head);

    unsigned status_;
    std::uint64_t bytes_;
    std::string partial_head_;
    std::uint64_t body_left_ = 0;
    bool in_body_ = false;
};

}  // namespace beta::bench
