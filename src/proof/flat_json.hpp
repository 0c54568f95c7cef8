// FlatJson: one line of our logs, an object of plain values, as text by key.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace beta::proof {

/// Numbers, true, false and null as they are spelt. Nothing for what is no such object: nested
/// values, a key twice, anything after it.
std::optional<std::map<std::string, std::string, std::less<>>> flat_json(std::string_view line);

}  // namespace beta::proof
