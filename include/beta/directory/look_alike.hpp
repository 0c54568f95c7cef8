// LookAlike: pairs of names that a person could take for one another.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace beta::directory {

struct LookAlike {
    std::size_t earlier;  // indices into the names given
    std::size_t later;
    std::string_view difference;  // in words
};

/// At most one pair per later name. Alike are names that differ in characters of one look (l and 1,
/// o and 0, rn and m) or by one edit; but not those that differ in numbers alone: node-1, node-2.
/// Time grows with the number of names, not with its square.
std::vector<LookAlike> look_alikes(std::span<const std::string_view> names);

}  // namespace beta::directory
