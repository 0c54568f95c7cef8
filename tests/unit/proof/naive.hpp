// A naive reading of whole sets of policies, for holding the proofs against: every call over a few
// words, one by one. It shares no code with the engine or the proofs.
#pragma once

#include "support/naive_words.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beta::proof::test {

using support::cut;
using support::holds;
using support::path_fits;
using support::Words;

struct NaiveSide {
    std::string plane;  // empty: not written; "*"
    Words services;
    Words external;  // of a callee
};

struct NaiveOperation {
    std::string name;
    Words methods;
    Words paths;
};

struct NaiveRule {
    std::string name;
    bool allows = false;
    bool prohibits = false;  // an entry of `prohibit`
    bool reports = false;
    bool tunnel = false;
    NaiveSide from, to;
    std::vector<NaiveOperation> does;  // what it is about; one without a name is written in place
    std::vector<std::pair<std::string, Words>> headers;
};

struct NaiveFile {
    std::string plane;
    bool reports = false;
    std::vector<NaiveOperation> operations;
    std::vector<NaiveRule> rules;
};

struct NaiveCall {
    std::string from_plane, from_service;
    std::string to_plane, to_name;  // an external host has no plane
    std::string method, path;
    bool tunnel = false;
    std::vector<std::pair<std::string, std::string>> headers;
    bool callee_knows_service = true;
};

inline bool does(const NaiveOperation& one, const NaiveCall& call) {
    if (!one.methods.empty() && !holds(one.methods, call.method))
        return false;
    if (one.paths.empty())
        return true;
    return !call.tunnel && std::ranges::any_of(one.paths, [&](const std::string& pattern) {
        return path_fits(pattern, call.path);
    });
}

/// The values of a header line: what stands between commas.
inline Words values_of(std::string_view line) {
    Words out(1);
    for (const char c : line) {
        if (c == ',')
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

inline bool header_fits(const NaiveRule& rule, const std::string& name, const Words& values,
                        const NaiveCall& call) {
    std::size_t good = 0;
    std::size_t bad = 0;
    for (const auto& [given, line] : call.headers) {
        if (given != name)
            continue;
        good += !rule.allows && holds(values, line) ? 1 : 0;  // the line as a whole
        for (const std::string& value : values_of(line))
            ++(holds(values, value) ? good : bad);
    }
    return rule.allows ? good > 0 && bad == 0 : good > 0;
}

inline bool caller_fits(const NaiveFile& file, const NaiveRule& rule, const NaiveCall& call,
                        bool service_known) {
    const std::string plane = rule.from.plane.empty() ? file.plane : rule.from.plane;
    if (plane != "*" && plane != call.from_plane)
        return false;
    if (rule.from.services.empty())
        return true;
    return service_known ? holds(rule.from.services, call.from_service) : !rule.allows;
}

inline bool callee_fits(const NaiveFile& file, const NaiveRule& rule, const NaiveCall& call) {
    const bool outside = call.to_plane.empty();
    if (outside && rule.to.plane == "*" && rule.to.services.empty() && !rule.allows)
        return true;  // a deny of everything
    if (!rule.to.external.empty() || outside)
        return outside && holds(rule.to.external, call.to_name);
    const std::string plane = rule.to.plane.empty() ? file.plane : rule.to.plane;
    return (plane == "*" || plane == call.to_plane) &&
           (rule.to.services.empty() || holds(rule.to.services, call.to_name));
}

inline bool fits(const NaiveFile& file, const NaiveRule& rule, const NaiveCall& call,
                 bool service_known) {
    if (rule.allows && rule.tunnel != call.tunnel)
        return false;
    return caller_fits(file, rule, call, service_known) && callee_fits(file, rule, call) &&
           std::ranges::any_of(rule.does, [&](const auto& one) { return does(one, call); }) &&
           std::ranges::all_of(rule.headers, [&](const auto& header) {
               return header_fits(rule, header.first, header.second, call);
           });
}

/// Whether one file lets the call through, on the side that it decides for.
inline bool passes(const NaiveFile& file, const NaiveCall& call, bool service_known) {
    bool allowed = false;
    if (call.tunnel && !call.to_plane.empty())
        return false;  // tunnels lead outside
    for (const NaiveRule& rule : file.rules) {
        if (!fits(file, rule, call, service_known) || rule.reports)
            continue;
        if (rule.allows)
            allowed = true;
        else if (!file.reports)
            return false;
    }
    return allowed || file.reports;
}

inline const NaiveFile* file_of(const std::vector<NaiveFile>& files, std::string_view plane) {
    const auto found = std::ranges::find(files, plane, &NaiveFile::plane);
    return found == files.end() ? nullptr : &*found;
}

enum class Asked { both, caller, callee };

/// What callees know of who calls them.
enum class Knows { service, plane };

/// Whether the files that are asked let it through; one that is not there does.
inline bool passes(const std::vector<NaiveFile>& files, const NaiveCall& call, Asked asked) {
    const NaiveFile* const caller = file_of(files, call.from_plane);
    const NaiveFile* const callee = file_of(files, call.to_plane);
    if (asked != Asked::callee && caller != nullptr && !passes(*caller, call, true))
        return false;
    return asked == Asked::caller || callee == nullptr ||
           passes(*callee, call, call.callee_knows_service);
}

inline bool decided(const std::vector<NaiveFile>& files, const NaiveCall& call, Asked asked) {
    return (asked != Asked::callee && file_of(files, call.from_plane) != nullptr) ||
           (asked != Asked::caller && file_of(files, call.to_plane) != nullptr);
}

}  // namespace beta::proof::test
