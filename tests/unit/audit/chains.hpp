// Chains: audit logs of a few records, whole, to be spoilt.
#pragma once

#include "beta/audit/verifier.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace beta::audit {

inline std::string object(const std::string& event, const std::string& more = {}) {
    return R"({"time":"2026-01-02T03:04:05.678Z","event":")" + event + '"' + more + "}\n";
}

/// `count` lines from `link` on, which moves with them.
inline std::vector<std::string> chain(std::size_t count, Link& link, const Seal& seal = {}) {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < count; ++i) {
        auto next = sealed(object(i == 0 && link.seq == 0 ? "start" : "denied",
                                  ",\"url.path\":\"/" + std::to_string(i) + "\\\"\""),
                           link, seal);
        link = next.link;
        lines.push_back(std::move(next.line));
    }
    return lines;
}

inline std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const auto& line : lines)
        text += line;
    return text;
}

inline Verifier verified(const std::vector<std::string>& files, const std::string& kept = {},
                         std::size_t piece = std::string::npos) {
    Verifier verifier(Seal{}, kept);
    std::string name = "a";
    for (const auto& text : files) {
        verifier.begin_file(name);
        for (std::size_t at = 0; at < text.size(); at += std::min(piece, text.size() - at))
            verifier.feed(std::string_view(text).substr(at, piece));
        verifier.end_file();
        ++name.front();
    }
    verifier.finish();
    return verifier;
}

/// "a:3 GAP, a:4 ORDER"
inline std::string findings(const Verifier& verifier) {
    std::string text;
    for (const auto& finding : verifier.findings())
        text += (text.empty() ? "" : ", ") + finding.file + ':' + std::to_string(finding.line) +
                ' ' + finding.code.substr(std::string_view("AUDIT_").size());
    return text;
}

}  // namespace beta::audit
