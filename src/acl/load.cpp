#include "load.hpp"

#include "beta/model/digest.hpp"
#include "beta/model/names.hpp"

#include <algorithm>
#include <unordered_map>

namespace beta::acl {
namespace {

constexpr std::string_view version = "beta.acl/v1";

void load_version(yaml::Reader& reader, const yaml::Node& root) {
    const yaml::Node* node = reader.require(root, "apiVersion", "the file");
    if (node == nullptr)
        return;
    const std::string_view word = reader.word(*node, "apiVersion");
    if (node->kind == yaml::Node::Kind::scalar && word != version)
        reader.error(*node,
                     "apiVersion \"" + yaml::printable(word) +
                         "\" is not known; this program reads " + std::string(version),
                     "VERSION");
}

std::string load_plane(yaml::Reader& reader, const yaml::Node& root) {
    const yaml::Node* node = reader.require(root, "plane", "the file");
    if (node == nullptr)
        return {};
    const std::string_view word = reader.word(*node, "plane");
    const auto name = model::PlaneName::parse(word);
    if (name)
        return name->str();
    if (node->kind == yaml::Node::Kind::scalar)
        reader.error(*node,
                     "plane \"" + yaml::printable(word) +
                         "\": " + std::string(model::sentence(name.error())),
                     "NAME");
    return {};
}

void add(PolicyFile& file, Rule rule) {
    rule.id = static_cast<std::uint32_t>(file.rules.size() + 1);
    file.rules.push_back(std::move(rule));
}

/// allow and deny in the order in which they stand, so that rules are numbered as one reads them.
void load_rules(yaml::Reader& reader, const yaml::Node& root, PolicyFile& file) {
    const FileContext context(file);
    for (const auto& [key, list] : root.members) {
        const bool allows = key.scalar == "allow";
        if ((!allows && key.scalar != "deny") || !reader.expect_sequence(list, key.scalar))
            continue;
        file.rules.reserve(file.rules.size() + list.items.size());
        for (const yaml::Node& node : list.items)
            add(file, load_rule(reader, node, allows ? Verdict::allow : Verdict::deny, context));
    }
    if (const yaml::Node* prohibit = root.find("prohibit"))
        for (Rule& rule : load_prohibitions(reader, *prohibit, context))
            add(file, std::move(rule));
}

void refuse_repeated_names(yaml::Reader& reader, const PolicyFile& file) {
    std::unordered_map<std::string_view, std::uint32_t> lines;
    lines.reserve(file.rules.size());
    for (const Rule& rule : file.rules) {
        if (rule.name.empty())
            continue;
        const auto [first, is_new] = lines.try_emplace(rule.name, rule.line);
        if (is_new)
            continue;
        yaml::Node place;
        place.line = rule.line;
        place.column = rule.column;
        reader.error(place,
                     "rule \"" + rule.name + "\" has the name of the rule on line " +
                         std::to_string(first->second) + "; names are unique in a file",
                     "DUPLICATE_RULE");
    }
}

void load_file(yaml::Reader& reader, const yaml::Node& root, PolicyFile& file) {
    load_version(reader, root);
    file.plane = load_plane(reader, root);
    WordReader words(reader, "the file");
    if (const yaml::Node* mode = root.find("mode"))
        file.mode = load_mode(words, *mode).value_or(Mode::enforce);
    if (const yaml::Node* operations = root.find("operations"))
        file.operations = load_operations(reader, *operations);
    load_rules(reader, root, file);
    refuse_repeated_names(reader, file);
}

}  // namespace

std::expected<PolicyFile, model::Diagnostics> load(std::string_view yaml,
                                                   const std::string& file_name) {
    const auto root = yaml::parse(yaml, file_name);
    if (!root)
        return std::unexpected(root.error());
    yaml::Reader reader(file_name, "ACL_");
    PolicyFile file;
    file.file_name = file_name;
    if (reader.expect_map(
            *root, "the file",
            {"apiVersion", "plane", "mode", "operations", "prohibit", "allow", "deny"}))
        load_file(reader, *root, file);
    if (reader.failed())
        return std::unexpected(reader.take());
    file.digest = model::sha256_hex(yaml);
    return file;
}

}  // namespace beta::acl
