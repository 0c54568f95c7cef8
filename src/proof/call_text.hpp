// A call and what both sides say to it, for people and for programs.
#pragma once

#include "beta/model/json_text.hpp"
#include "beta/proof/call.hpp"
#include "beta/proof/prove.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace beta::proof {

/// "ops/a -> wallet/b  POST /x  x-tenant: a".
std::string text_of(const Call& call);
/// A line for each side.
std::string text_of(const std::vector<SideAnswer>& sides);

std::string json_of(const Call& call);
std::string json_of(const std::vector<SideAnswer>& sides);

using model::json_text;
/// A member of a JSON object.
std::string json_field(std::string_view key, std::string_view text);

}  // namespace beta::proof
