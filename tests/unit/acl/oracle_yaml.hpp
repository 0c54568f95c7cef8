// The oracle's files as YAML, for the engine to read.
#pragma once

#include "oracle.hpp"
#include "support/flow_map.hpp"

#include <string>

namespace beta::acl::test {

using support::joined;
using Members = support::FlowMap;

inline std::string yaml(const OracleSide& side) {
    Members out;
    if (side.plane)
        out.add("plane", '"' + *side.plane + '"');
    out.add("services", side.services);
    out.add("external", side.external);
    return out.str();
}

inline std::string yaml(const OracleRule& rule) {
    Members out;
    out.add("name", rule.name);
    if (rule.from.written())
        out.add("from", yaml(rule.from));
    if (rule.to.written())
        out.add("to", yaml(rule.to));
    out.add("operations", rule.operations);
    out.add("methods", rule.methods);
    out.add("paths", rule.paths);
    Members headers;
    for (const auto& [name, values] : rule.headers)
        headers.add(name, values);
    if (!rule.headers.empty())
        out.add("when", "{headers: " + headers.str() + '}');
    if (rule.tunnel)
        out.add("tunnel", std::string("true"));
    if (rule.report)
        out.add("mode", std::string("report"));
    return out.str();
}

inline std::string yaml(const OracleFile& file) {
    std::string lists[2];
    for (const OracleRule& rule : file.rules) {
        std::string& list = lists[rule.allows];
        if (list.empty())
            list = rule.allows ? "allow:\n" : "deny:\n";
        list += "  - " + yaml(rule) + '\n';
    }
    std::string out = "apiVersion: beta.acl/v1\nplane: " + file.plane + '\n';
    if (file.report)
        out += "mode: report\n";
    for (const OracleOperation& operation : file.operations) {
        Members members;
        members.add("methods", operation.methods);
        members.add("paths", operation.paths);
        out += (&operation == file.operations.data() ? "operations:\n  " : "  ") + operation.name +
               ": " + members.str() + '\n';
    }
    if (!file.prohibit.empty())
        out += "prohibit: " + joined(file.prohibit) + '\n';
    return out + lists[0] + lists[1];
}

}  // namespace beta::acl::test
