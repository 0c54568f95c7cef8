// read_small_file: a cookie or a password, never more than asked for and never waited for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace beta::tor {

/// The first `most` bytes of a regular file, whoever owns it; nothing when it cannot be read.
std::optional<std::string> read_small_file(const std::string& path, std::size_t most);

}  // namespace beta::tor
