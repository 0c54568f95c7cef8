// Naive policies and invariants as their authors would write them.
#pragma once

#include "naive.hpp"
#include "support/flow_map.hpp"

#include <string>

namespace beta::proof::test {

using Members = support::FlowMap;

inline void add(Members& members, const std::string& key, const NaiveSide& side) {
    Members inner;
    if (!side.plane.empty())
        inner.add("plane", '"' + side.plane + '"');
    inner.add("services", side.services);
    inner.add("external", side.external);
    if (!inner.empty())
        members.add(key, inner.str());
}

/// Operations by their names, or one written in place.
inline void add(Members& members, const std::vector<NaiveOperation>& does) {
    Words names;
    for (const NaiveOperation& one : does) {
        if (!one.name.empty()) {
            names.push_back(one.name);
            continue;
        }
        members.add("methods", one.methods);
        members.add("paths", one.paths);
    }
    members.add("operations", names);
}

inline std::string yaml(const NaiveRule& rule) {
    Members members;
    members.add("name", rule.name);
    add(members, "from", rule.from);
    add(members, "to", rule.to);
    add(members, rule.does);
    Members headers;
    for (const auto& [name, values] : rule.headers)
        headers.add(name, values);
    if (!headers.empty()) {
        Members when;
        when.add("headers", headers.str());
        members.add("when", when.str());
    }
    if (rule.tunnel)
        members.add("tunnel", "true");
    if (rule.reports)
        members.add("mode", "report");
    return "  - " + members.str() + '\n';
}

inline std::string yaml(const NaiveFile& file) {
    std::string operations;
    std::string lists[2];
    Words prohibited;
    for (const NaiveOperation& one : file.operations) {
        Members members;
        members.add("methods", one.methods);
        members.add("paths", one.paths);
        operations += "  " + one.name + ": " + members.str() + '\n';
    }
    for (const NaiveRule& rule : file.rules) {
        if (rule.prohibits)
            prohibited.push_back(rule.does.front().name);
        else
            lists[rule.allows] += yaml(rule);
    }
    return "apiVersion: beta.acl/v1\nplane: " + file.plane + '\n' +
           (file.reports ? "mode: report\n" : "") +
           (operations.empty() ? "" : "operations:\n" + operations) +
           (prohibited.empty() ? "" : "prohibit: " + support::joined(prohibited) + '\n') +
           (lists[0].empty() ? "" : "deny:\n" + lists[0]) +
           (lists[1].empty() ? "" : "allow:\n" + lists[1]);
}

}  // namespace beta::proof::test
