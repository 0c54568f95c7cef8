// Value: one word of configuration, from the file or a variable, read as number, size, time or
// flag.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace beta::config {

struct Value {
    std::string_view text;
    bool quoted = false;  // "80" in quotes is a word, not a number
};

struct Bounds {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
};

/// What was read, or what the value must be: "must be a size from 1KiB to 1MiB, …".
template <class T>
using Reading = std::expected<T, std::string>;

/// Digits only: no sign, no leading zero.
Reading<std::uint64_t> read_count(Value value, Bounds bounds);
/// Bytes: a number, or one with KiB, MiB or GiB.
Reading<std::uint64_t> read_size(Value value, Bounds bounds);
/// A number with ms, s, m or h; the bounds are milliseconds.
Reading<std::chrono::milliseconds> read_duration(Value value, Bounds bounds);
/// A percentage with up to four decimals, as in 1% or 0.01%; in millionths, as the bounds are.
Reading<std::uint64_t> read_share(Value value, Bounds bounds);
/// true or false.
Reading<bool> read_flag(Value value);

/// `must`, and what was found instead: "…; found \"abc\"".
std::string but_found(std::string must, Value value);

}  // namespace beta::config
