// A second reading of the language, written for clarity alone: a loop over rules that knows no
// index, no class and no trie. It shares no code with the engine but the types of a request.
#pragma once

#include "beta/acl/decision.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beta::acl::test {

struct OracleSide {
    std::optional<std::string> plane;  // absent: the file's
    std::vector<std::string> services;
    bool written() const { return plane || !services.empty(); }
};

struct OracleRule {
    std::string name;
    bool allows = false;
    OracleSide from, to;
    std::vector<std::string> methods, paths;
};

struct OracleFile {
    std::string plane;
    std::vector<OracleRule> rules;  // denies first, as yaml() writes them
};

inline std::vector<std::string> cut(std::string_view path) {
    std::vector<std::string> out(1);
    for (const char c : path.substr(1)) {
        if (c == '/')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

inline bool path_fits(const std::string& pattern, std::string_view path) {
    auto wanted = cut(pattern);
    const auto given = cut(path);
    const bool deep = wanted.back() == "**";
    if (deep)
        wanted.pop_back();
    if (deep ? given.size() < wanted.size() : given.size() != wanted.size())
        return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i] == "*" ? given[i].empty() : wanted[i] != given[i])
            return false;
    return true;
}

inline bool holds(const std::vector<std::string>& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

inline bool side_fits(const OracleFile& file, const OracleRule& rule, const OracleSide& side,
                      std::string_view plane, std::string_view service) {
    const std::string wanted = side.plane.value_or(file.plane);
    if (wanted != "*" && wanted != plane)
        return false;
    if (side.services.empty())
        return true;
    return service.empty() ? !rule.allows : holds(side.services, service);
}

inline bool rule_fits(const OracleFile& file, const OracleRule& rule, const Request& asked) {
    if (!side_fits(file, rule, rule.from, asked.from.plane, asked.from.service) ||
        !side_fits(file, rule, rule.to, asked.to.plane, asked.to.name))
        return false;
    if (!rule.methods.empty() && !holds(rule.methods, asked.method))
        return false;
    return rule.paths.empty() || std::ranges::any_of(rule.paths, [&](const std::string& pattern) {
               return path_fits(pattern, asked.path);
           });
}

/// "+rule", "-rule" or "-default-deny". Of canonical paths only.
inline std::string oracle(const OracleFile& file, const Request& asked) {
    if ((asked.direction == Direction::egress ? asked.from.plane : asked.to.plane) != file.plane)
        return "-default-deny";
    for (const bool allows : {false, true})
        for (const OracleRule& rule : file.rules)
            if (rule.allows == allows && rule_fits(file, rule, asked))
                return (allows ? "+" : "-") + rule.name;
    return "-default-deny";
}

inline std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "\"" : ", \"") + word + '"';
    return '[' + out + ']';
}

inline std::string yaml(const OracleSide& side) {
    std::string out;
    if (side.plane)
        out += "plane: \"" + *side.plane + '"';
    if (!side.services.empty())
        out += (out.empty() ? "services: " : ", services: ") + joined(side.services);
    return '{' + out + '}';
}

inline std::string yaml(const OracleFile& file) {
    std::string lists[2] = {"deny:\n", "allow:\n"};
    bool any[2] = {false, false};
    for (const OracleRule& rule : file.rules) {
        std::string& list = lists[rule.allows];
        any[rule.allows] = true;
        list += "  - {name: " + rule.name;
        if (rule.from.written())
            list += ", from: " + yaml(rule.from);
        if (rule.to.written())
            list += ", to: " + yaml(rule.to);
        if (!rule.methods.empty())
            list += ", methods: " + joined(rule.methods);
        if (!rule.paths.empty())
            list += ", paths: " + joined(rule.paths);
        list += "}\n";
    }
    return "apiVersion: beta.acl/v1\nplane: " + file.plane + '\n' + (any[0] ? lists[0] : "") +
           (any[1] ? lists[1] : "");
}

}  // namespace beta::acl::test
