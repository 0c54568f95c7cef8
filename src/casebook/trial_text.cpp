#include "beta/casebook/trial.hpp"
#include "beta/model/json_text.hpp"
#include "beta/yaml/document.hpp"

#include <cmath>

namespace beta::casebook {
namespace {

using model::json_text;

/// Whole percents, rounded down: 99.6 is not all of it.
std::string percent(const Trial& trial) {
    return std::to_string(static_cast<int>(std::floor(trial.coverage())));
}

std::string summary(const Trial& trial) {
    std::string line = trial.table + ": " +
                       std::to_string(trial.findings.size() - trial.failures()) + " of " +
                       std::to_string(trial.findings.size()) + " cases pass; " + trial.policy +
                       ": " + std::to_string(trial.covered.size()) + " of " +
                       std::to_string(trial.rules) + " rules covered (" + percent(trial) + " %)\n";
    for (const std::string& rule : trial.missing)
        line += "  no case is decided by " + rule + '\n';
    return line;
}

/// For XML 1.0 §2.4 in an attribute: quotes, and what XML cannot hold, printable() has shown as
/// \xHH.
std::string attribute(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 64) {
        for (const char c : yaml::printable(bytes.substr(at, 64))) {
            switch (c) {
                case '&':
                    out += "&amp;";
                    break;
                case '<':
                    out += "&lt;";
                    break;
                default:
                    out += c;
            }
        }
    }
    return out;
}

std::string counts(std::size_t tests, std::size_t failures) {
    return " tests=\"" + std::to_string(tests) + "\" failures=\"" + std::to_string(failures) +
           "\" errors=\"0\"";
}

std::string junit_case(const Trial& trial, const Finding& finding) {
    std::string out = "    <testcase classname=\"" + attribute(trial.policy) + "\" name=\"" +
                      attribute(finding.name) + "\" time=\"0\"";
    if (finding.fault.empty())
        return out + "/>\n";
    return out + ">\n      <failure message=\"" + attribute(finding.fault) + "\">" +
           attribute(trial.table) + ':' + std::to_string(finding.line) + "</failure>\n" +
           "    </testcase>\n";
}

std::string json_of(const Trial& trial) {
    std::string cases;
    for (const Finding& finding : trial.findings)
        cases += std::string(cases.empty() ? "" : ",") + "{\"name\":" + json_text(finding.name) +
                 ",\"line\":" + std::to_string(finding.line) +
                 ",\"passed\":" + (finding.fault.empty() ? "true" : "false") +
                 ",\"fault\":" + json_text(finding.fault) + '}';
    std::string missing;
    for (const std::string& rule : trial.missing)
        missing += (missing.empty() ? "" : ",") + json_text(rule);
    return "{\"table\":" + json_text(trial.table) + ",\"policy\":" + json_text(trial.policy) +
           ",\"cases\":[" + cases + "],\"rules\":" + std::to_string(trial.rules) +
           ",\"covered\":" + std::to_string(trial.covered.size()) + ",\"missing\":[" + missing +
           "]}";
}

}  // namespace

std::string to_text(const std::vector<Trial>& trials) {
    std::string failures;
    std::string summaries;
    for (const Trial& trial : trials) {
        for (const Finding& finding : trial.findings)
            if (!finding.fault.empty())
                failures += trial.table + ':' + std::to_string(finding.line) + ':' +
                            std::to_string(finding.column) + ": " + yaml::printable(finding.name) +
                            ": " + finding.fault + '\n';
        summaries += summary(trial);
    }
    return failures + summaries;
}

std::string to_json(const std::vector<Trial>& trials) {
    std::string out;
    for (const Trial& trial : trials)
        out += (out.empty() ? "" : ",") + json_of(trial);
    return "{\"tables\":[" + out + "]}";
}

std::string to_junit(const std::vector<Trial>& trials) {
    std::string suites;
    std::size_t tests = 0;
    std::size_t failures = 0;
    for (const Trial& trial : trials) {
        tests += trial.findings.size();
        failures += trial.failures();
        suites += "  <testsuite name=\"" + attribute(trial.table) + '"' +
                  counts(trial.findings.size(), trial.failures()) + ">\n";
        for (const Finding& finding : trial.findings)
            suites += junit_case(trial, finding);
        suites += "  </testsuite>\n";
    }
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + counts(tests, failures) +
           ">\n" + suites + "</testsuites>\n";
}

}  // namespace beta::casebook
