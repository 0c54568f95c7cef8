// operations and prohibit: names for what requests mean, and those that are denied for everyone.
#include "load.hpp"

#include <algorithm>

namespace beta::acl {
namespace {

constexpr std::size_t longest_name = 63;

bool is_operation_name(std::string_view word) {
    return !word.empty() && word.size() <= longest_name && std::ranges::all_of(word, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

Operation load_operation(yaml::Reader& reader, const yaml::Node& key, const yaml::Node& value) {
    Operation operation;
    operation.name = key.scalar;
    operation.line = key.line;
    WordReader words(reader, "operation \"" + yaml::printable(key.scalar) + '"');
    if (!is_operation_name(key.scalar))
        words.fault(key, "a name is 1 to 63 of a-z, 0-9, '-', '_' and '.'", "OPERATION_NAME");
    if (!words.expect_map(value, "", {"methods", "paths"}))
        return operation;
    if (value.members.empty())
        words.fault(value,
                    "names neither methods nor paths, so that it would be every request; name what "
                    "it is, as in { methods: [POST], paths: [/payouts] }",
                    "EMPTY");
    if (const yaml::Node* methods = value.find("methods"))
        operation.methods = words.methods(*methods);
    if (const yaml::Node* paths = value.find("paths"))
        operation.paths = words.paths(*paths);
    return operation;
}

}  // namespace

std::vector<Operation> load_operations(yaml::Reader& reader, const yaml::Node& map) {
    std::vector<Operation> out;
    if (map.kind != yaml::Node::Kind::map) {
        reader.error(map,
                     "operations must be a map from names to { methods: [...], paths: [...] }; "
                     "leave it out when there is none",
                     "EXPECTED_MAP");
        return out;
    }
    if (map.members.empty())
        reader.error(map, "operations is empty; leave it out when there is none", "EMPTY");
    out.reserve(map.members.size());
    for (const auto& [key, value] : map.members)
        out.push_back(load_operation(reader, key, value));
    return out;
}

FileContext::FileContext(const PolicyFile& read) : file(read) {
    for (std::size_t i = 0; i < file.operations.size(); ++i)
        operations.try_emplace(file.operations[i].name, i);
}

std::vector<std::size_t> FileContext::find(WordReader& words, const yaml::Node& list) const {
    std::vector<std::size_t> out;
    words.words(list, "operations", [&](std::string_view word) -> std::string {
        if (const auto found = operations.find(word); found != operations.end()) {
            if (std::ranges::find(out, found->second) == out.end())
                out.push_back(found->second);
            return {};
        }
        WordReader::Words names;
        for (const Operation& operation : file.operations)
            names.push_back(operation.name);
        const std::string_view guess = yaml::nearest(word, names);
        return "no such operation in this file; " +
               (guess.empty() ? std::string("name it under operations:")
                              : "did you mean \"" + std::string(guess) + "\"?");
    });
    return out;
}

std::vector<Rule> load_prohibitions(yaml::Reader& reader, const yaml::Node& list,
                                    const FileContext& context) {
    std::vector<Rule> out;
    WordReader words(reader, "prohibit");
    for (const std::size_t operation : context.find(words, list)) {
        const std::string& name = context.file.operations[operation].name;
        Rule rule;
        rule.name = "prohibit:" + name;
        rule.verdict = Verdict::deny;
        rule.from.any_plane = rule.to.any_plane = true;
        rule.operations = {operation};
        rule.prohibition = true;
        rule.reason = "the operation " + name + " is prohibited for everyone";
        const auto entry = std::ranges::find(list.items, name, &yaml::Node::scalar);
        rule.line = entry->line;
        rule.column = entry->column;
        out.push_back(std::move(rule));
    }
    return out;
}

}  // namespace beta::acl
