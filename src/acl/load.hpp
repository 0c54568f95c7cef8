// Loads one ACL file into data. Strict: what is not understood refuses the file.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/yaml/document.hpp"

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl {

/// Every error at once, with its place. Codes start with ACL_ or YAML_.
std::expected<PolicyFile, model::Diagnostics> load(std::string_view yaml,
                                                   const std::string& file_name);

/// A word of the language that this version does not implement is refused as such, not as unknown.
bool expect_map(yaml::Reader& reader, const yaml::Node& node, const std::string& what,
                std::vector<std::string_view> words, const std::vector<std::string_view>& later);

/// One entry of an allow or deny list, except for its number.
Rule load_rule(yaml::Reader& reader, const yaml::Node& node, Verdict verdict,
               const std::string& own_plane);

}  // namespace beta::acl
