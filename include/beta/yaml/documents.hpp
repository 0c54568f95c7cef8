// Documents: a file that holds several, as those of Kubernetes do.
#pragma once

#include "beta/yaml/document.hpp"

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::yaml {

/// Every document of `text`, in their order, and as strict as parse(): more than `most` are an
/// error, and the other bounds are for all of them together.
std::expected<std::vector<Node>, model::Diagnostics> parse_all(std::string_view text,
                                                               const std::string& file_name,
                                                               const Bounds& bounds,
                                                               std::size_t most);

}  // namespace beta::yaml
