// Secret: bytes of a key, wiped when they go; nothing prints them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace beta::model {

/// Overwrites in a way that no compiler leaves out.
void wipe(std::span<std::uint8_t> bytes) noexcept;
void wipe(std::string& text) noexcept;

template <std::size_t Size>
class Secret {
  public:
    Secret() = default;
    Secret(const Secret&) = default;
    Secret& operator=(const Secret&) = default;
    ~Secret() { wipe(bytes_); }

    std::span<std::uint8_t, Size> bytes() noexcept { return bytes_; }
    std::span<const std::uint8_t, Size> bytes() const noexcept { return bytes_; }

  private:
    std::uint8_t bytes_[Size] = {};
};

/// A text that holds a key.
class SecretText {
  public:
    SecretText() = default;
    explicit SecretText(std::string text) : text_(std::move(text)) {}
    SecretText(SecretText&&) = default;
    SecretText& operator=(SecretText&&) = default;
    ~SecretText() { wipe(text_); }

    const std::string& disclose() const noexcept { return text_; }

  private:
    std::string text_;
};

}  // namespace beta::model
