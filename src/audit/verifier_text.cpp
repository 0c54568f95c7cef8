#include "beta/audit/verifier.hpp"
#include "beta/model/json_text.hpp"

#include <algorithm>

namespace beta::audit {
namespace {

std::string finding_json(const model::Diagnostic& finding) {
    const bool is_fault = finding.severity == model::Diagnostic::Severity::error;
    return "{\"file\":" + model::json_text(finding.file) +
           ",\"line\":" + std::to_string(finding.line) +
           ",\"severity\":" + (is_fault ? "\"error\"" : "\"warning\"") +
           ",\"code\":" + model::json_text(finding.code) +
           ",\"message\":" + model::json_text(finding.message) + "}";
}

}  // namespace

std::string to_text(const Verifier& verifier) {
    std::string out;
    std::uint64_t shown = 0;
    for (const auto& finding : verifier.findings()) {
        out += finding.str() + '\n';
        shown += finding.severity == model::Diagnostic::Severity::error ? 1 : 0;
    }
    if (verifier.faults() > shown)
        out += "and " + std::to_string(verifier.faults() - shown) + " more\n";
    const auto& summary = verifier.summary();
    if (summary.records > 0)
        out += std::to_string(summary.records) + " whole records, " +
               std::to_string(summary.first) + " to " + std::to_string(summary.last.seq) +
               "\nlast hash " + summary.last.hash + '\n';
    return out + (verifier.faults() == 0 ? "INTACT\n" : "NOT INTACT\n");
}

std::string to_json(const Verifier& verifier) {
    const auto& summary = verifier.summary();
    std::string findings;
    for (const auto& finding : verifier.findings())
        findings += (findings.empty() ? "" : ",") + finding_json(finding);
    return std::string("{\"intact\":") + (verifier.faults() == 0 ? "true" : "false") +
           ",\"records\":" + std::to_string(summary.records) +
           ",\"first\":" + std::to_string(summary.first) +
           ",\"last\":" + std::to_string(summary.last.seq) + ",\"last_hash\":\"" +
           summary.last.hash + "\",\"after_kept\":" + std::to_string(summary.after_kept) +
           ",\"faults\":" + std::to_string(verifier.faults()) + ",\"findings\":[" + findings + "]}";
}

}  // namespace beta::audit
