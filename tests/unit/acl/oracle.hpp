// Oracle: the language of design/acl.md once more, as a loop over rules and lists of words, without
// index, class and trie. It shares no code with the engine but the types of a request.
#pragma once

#include "beta/acl/decision.hpp"

#include "support/naive_words.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::acl::test {

using support::cut;
using support::holds;
using support::path_fits;
using support::Words;

struct OracleSide {
    std::optional<std::string> plane;  // absent: the file's
    Words services;
    Words external;
    bool written() const { return plane || !services.empty() || !external.empty(); }
};

struct OracleOperation {
    std::string name;
    Words methods, paths;
};

struct OracleRule {
    std::string name;
    bool allows = false;
    OracleSide from, to;
    Words operations, methods, paths;
    std::vector<std::pair<std::string, Words>> headers;
    bool tunnel = false;
    bool report = false;
};

struct OracleFile {
    std::string plane;
    bool report = false;
    std::vector<OracleOperation> operations;
    Words prohibit;
    std::vector<OracleRule> rules;  // denies first, as yaml() writes them
};

inline std::string plane_of(const OracleFile& file, const OracleSide& side) {
    return side.plane.value_or(file.plane);
}

inline bool caller_fits(const OracleFile& file, const OracleRule& rule, const Source& from) {
    const std::string wanted = plane_of(file, rule.from);
    if (wanted != "*" && wanted != from.plane)
        return false;
    if (rule.from.services.empty())
        return true;
    return from.service.empty() ? !rule.allows : holds(rule.from.services, from.service);
}

inline bool callee_fits(const OracleFile& file, const OracleRule& rule, const Destination& to) {
    if (!rule.to.external.empty())
        return to.external && holds(rule.to.external, to.name);
    const std::string wanted = plane_of(file, rule.to);
    if (to.external)
        return !rule.allows && wanted == "*" && rule.to.services.empty();
    return (wanted == "*" || wanted == to.plane) &&
           (rule.to.services.empty() || holds(rule.to.services, to.name));
}

inline bool shape_fits(const Words& methods, const Words& paths, const Request& asked) {
    if (!methods.empty() && !holds(methods, asked.method))
        return false;
    if (asked.tunnel)
        return paths.empty();
    return paths.empty() || std::ranges::any_of(paths, [&](const std::string& pattern) {
               return path_fits(pattern, asked.path);
           });
}

inline bool what_fits(const OracleFile& file, const OracleRule& rule, const Request& asked) {
    if (rule.allows && rule.tunnel != asked.tunnel)
        return false;
    if (rule.operations.empty())
        return shape_fits(rule.methods, rule.paths, asked);
    return std::ranges::any_of(file.operations, [&](const OracleOperation& operation) {
        return holds(rule.operations, operation.name) &&
               shape_fits(operation.methods, operation.paths, asked);
    });
}

inline std::string trimmed(std::string text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.pop_back();
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.erase(0, 1);
    return text;
}

inline bool header_fits(const OracleRule& rule, const std::string& name, const Words& wanted,
                        const HeaderLines& lines) {
    Words parts;
    Words whole;
    for (std::size_t i = 0; i < lines.count; ++i) {
        const auto line = lines.at(lines.fields, i);
        std::string lower;
        for (const char c : line.name)
            lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        if (lower != name)
            continue;
        whole.push_back(trimmed(std::string(line.value)));
        std::string part;
        for (const char c : std::string(line.value) + ',') {
            if (c != ',') {
                part += c;
                continue;
            }
            parts.push_back(trimmed(part));
            part.clear();
        }
    }
    const auto is_wanted = [&](const std::string& value) { return holds(wanted, value); };
    if (rule.allows)
        return !parts.empty() && std::ranges::all_of(parts, is_wanted);
    return std::ranges::any_of(parts, is_wanted) || std::ranges::any_of(whole, is_wanted);
}

inline bool rule_fits(const OracleFile& file, const OracleRule& rule, const Request& asked) {
    return caller_fits(file, rule, asked.from) && callee_fits(file, rule, asked.to) &&
           what_fits(file, rule, asked) && std::ranges::all_of(rule.headers, [&](const auto& one) {
               return header_fits(rule, one.first, one.second, asked.headers);
           });
}

/// All rules, prohibitions included, in the order of their numbers.
inline std::vector<OracleRule> rules_of(const OracleFile& file) {
    std::vector<OracleRule> out = file.rules;
    for (const std::string& name : file.prohibit) {
        OracleRule rule;
        rule.name = "prohibit:" + name;
        rule.from.plane = rule.to.plane = "*";
        rule.operations = {name};
        out.push_back(rule);
    }
    return out;
}

inline bool is_asked(const OracleFile& file, const Request& asked) {
    const bool egress = asked.direction == Direction::egress;
    if ((egress ? asked.from.plane : asked.to.plane) != file.plane)
        return false;
    if (asked.to.external != asked.to.plane.empty() || (asked.to.external && !egress))
        return false;
    return asked.tunnel == (asked.method == "CONNECT") && (!asked.tunnel || asked.to.external);
}

/// "+rule" allows, "-rule" denies, "~rule" denies and lets pass; "-default-deny?rule" names the
/// allow in mode report that would have allowed. Of canonical paths only.
inline std::string oracle(const OracleFile& file, const Request& asked) {
    if (!is_asked(file, asked))
        return "-default-deny";
    std::string first[2][2];  // [allows][reported]
    for (const OracleRule& rule : rules_of(file)) {
        const bool reported = rule.report || (file.report && !rule.allows);
        std::string& name = first[rule.allows][reported];
        if (name.empty() && rule_fits(file, rule, asked))
            name = rule.name;
    }
    const auto& [denies, allows] = first;
    if (!denies[0].empty())
        return "-" + denies[0];
    if (!denies[1].empty() && (file.report || !allows[0].empty()))
        return "~" + denies[1];
    if (!allows[0].empty())
        return "+" + allows[0];
    if (file.report)
        return "~default-deny";
    return "-default-deny" + (allows[1].empty() || !denies[1].empty() ? "" : "?" + allows[1]);
}

}  // namespace beta::acl::test
