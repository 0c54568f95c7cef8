// The four lists for people and for programs.
#include "beta/manifest/checklist.hpp"
#include "beta/model/json_text.hpp"
#include "beta/yaml/document.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace beta::manifest {
namespace {

using model::json_text;
using yaml::printable;

constexpr List lists[] = {List::process, List::planes, List::policy, List::operations};

using Planes = std::map<std::string, std::set<std::string>>;

Planes planes_of(const Deployment& deployment) {
    Planes out;
    for (const Container& c : deployment.containers)
        if (c.role == Role::sidecar)
            out[c.label("plane").value].insert(c.label("service").value);
    return out;
}

/// "compose.yaml:12,40,71; more.yaml:3": where the facts of a check stand.
std::string evidence(const Check& check) {
    constexpr std::size_t most = 12;  // then a reader has seen enough
    std::map<std::string, std::set<std::uint32_t>> lines;
    for (const Finding& finding : check.findings)
        lines[finding.place.file].insert(finding.place.line);
    std::string out;
    for (const auto& [file, numbers] : lines) {
        out += (out.empty() ? "" : "; ") + file;
        std::size_t shown = 0;
        for (const std::uint32_t number : numbers) {
            if (number == 0)
                continue;
            if (++shown > most) {
                out += ",...";
                break;
            }
            out += (shown == 1 ? ":" : ",") + std::to_string(number);
        }
    }
    return out;
}

std::string status(const Check& check) {
    return check.failures() > 0 ? "FAIL" : check.findings.empty() ? "none" : "pass";
}

std::string text_of(const Check& check) {
    constexpr std::size_t width = 22;
    std::string out = "  " + status(check) + "  " + check.code;
    out += std::string(check.code.size() < width ? width - check.code.size() : 1, ' ');
    out += check.sentence;
    if (check.findings.empty())
        return out + '\n';
    out += check.failures() == 0 ? " (" + evidence(check) + ')'
                                 : ": " + std::to_string(check.failures()) + " of " +
                                       std::to_string(check.findings.size()) + " do not";
    out += '\n';
    for (const Finding& finding : check.findings)
        if (!finding.passed)
            out += "        " + finding.place.str() + ": " + printable(finding.subject) + ": " +
                   finding.found + " [" + check.code + "]\n";
    if (check.failures() > 0)
        out += "        mend: " + check.remedy + '\n';
    return out;
}

std::string totals(const Checks& checks) {
    std::size_t failed = 0;
    std::size_t none = 0;
    for (const Check& check : checks) {
        failed += check.failures() > 0 ? 1 : 0;
        none += check.findings.empty() ? 1 : 0;
    }
    return std::to_string(checks.size()) +
           " checks: " + std::to_string(checks.size() - failed - none) + " pass, " +
           std::to_string(failed) + " fail, " + std::to_string(none) + " of nothing that is here\n";
}

std::string json_of(const Check& check) {
    std::string findings;
    for (const Finding& finding : check.findings)
        findings += std::string(findings.empty() ? "" : ",") +
                    "{\"subject\":" + json_text(finding.subject) +
                    ",\"passed\":" + (finding.passed ? "true" : "false") +
                    ",\"found\":" + json_text(finding.found) +
                    ",\"file\":" + json_text(finding.place.file) +
                    ",\"line\":" + std::to_string(finding.place.line) + '}';
    return "{\"code\":" + json_text(check.code) + ",\"status\":" + json_text(status(check)) +
           ",\"sentence\":" + json_text(check.sentence) + ",\"remedy\":" + json_text(check.remedy) +
           ",\"findings\":[" + findings + "]}";
}

}  // namespace

std::string to_text(const Deployment& deployment, const Checks& checks) {
    std::string out = "Planes\n";
    for (const auto& [plane, services] : planes_of(deployment)) {
        out += "  " + printable(plane) + ':';
        for (const std::string& service : services)
            out += ' ' + printable(service);
        out += '\n';
    }
    for (const Fact& other : deployment.passed_over)
        out += "  not looked at: " + printable(other.value) + " (" + other.place.str() + ")\n";
    for (const List list : lists) {
        out += '\n' + std::to_string(static_cast<int>(list) + 1) + ' ' + std::string(title(list)) +
               '\n';
        for (const Check& check : checks)
            if (check.list == list)
                out += text_of(check);
    }
    return out + '\n' + totals(checks);
}

std::string to_json(const Deployment& deployment, const Checks& checks) {
    std::string planes;
    for (const auto& [plane, services] : planes_of(deployment)) {
        std::string names;
        for (const std::string& service : services)
            names += (names.empty() ? "" : ",") + json_text(service);
        planes += (planes.empty() ? "" : ",") + json_text(plane) + ":[" + names + ']';
    }
    std::string passed_over;
    for (const Fact& other : deployment.passed_over)
        passed_over += (passed_over.empty() ? "" : ",") + json_text(other.value);
    std::string out;
    for (const List list : lists) {
        std::string rows;
        for (const Check& check : checks)
            if (check.list == list)
                rows += (rows.empty() ? "" : ",") + json_of(check);
        out += std::string(out.empty() ? "" : ",") + "{\"list\":" + json_text(title(list)) +
               ",\"checks\":[" + rows + "]}";
    }
    return std::string("{\"passed\":") + (all_pass(checks) ? "true" : "false") + ",\"planes\":{" +
           planes + "},\"not_looked_at\":[" + passed_over + "],\"lists\":[" + out + "]}";
}

}  // namespace beta::manifest
