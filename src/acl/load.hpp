// Loads one ACL file into data. Strict: what is not understood refuses the file.
#pragma once

#include "beta/acl/rule.hpp"
#include "beta/model/diagnostic.hpp"
#include "beta/yaml/document.hpp"

#include "load_words.hpp"

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace beta::acl {

/// Every error at once, with its place. Codes start with ACL_ or YAML_.
std::expected<PolicyFile, model::Diagnostics> load(std::string_view yaml,
                                                   const std::string& file_name);

/// What the rules of a file refer to.
struct FileContext {
    const PolicyFile& file;  // plane, mode and operations are read
    std::unordered_map<std::string_view, std::size_t> operations;  // by name, into the file's

    explicit FileContext(const PolicyFile& read);
    /// The operations that a list names; an error with the nearest name for any other.
    std::vector<std::size_t> find(WordReader& words, const yaml::Node& list) const;
};

/// The map `operations:`.
std::vector<Operation> load_operations(yaml::Reader& reader, const yaml::Node& map);

/// The list `prohibit:` as rules, without their numbers.
std::vector<Rule> load_prohibitions(yaml::Reader& reader, const yaml::Node& list,
                                    const FileContext& context);

/// One entry of an allow or deny list, except for its number.
Rule load_rule(yaml::Reader& reader, const yaml::Node& node, Verdict verdict,
               const FileContext& context);

std::optional<Mode> load_mode(WordReader& words, const yaml::Node& node);
std::optional<Limit> load_limit(WordReader& words, const yaml::Node& node);
/// The map `when:`.
std::vector<HeaderCondition> load_conditions(WordReader& words, const yaml::Node& node,
                                             Verdict verdict);

}  // namespace beta::acl
