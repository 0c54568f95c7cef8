// Words: a line of the control port taken apart: bare words, then KEY=VALUE in any order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::torctl {

/// Never fails: what is unknown, more than expected or malformed is simply there (control-spec
/// §4.1: clients must tolerate it).
class Words {
  public:
    explicit Words(std::string_view line);

    /// The bare word at `place`, or nothing at all.
    std::string_view at(std::size_t place) const noexcept;
    /// The value of the first KEY=VALUE with this key, quotes undone.
    std::optional<std::string> value(std::string_view key) const;
    std::string value_or_empty(std::string_view key) const { return value(key).value_or(""); }

  private:
    std::vector<std::string> bare_;
    std::vector<std::pair<std::string, std::string>> keyed_;
};

}  // namespace beta::torctl
