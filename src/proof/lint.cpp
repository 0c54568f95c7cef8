#include "beta/proof/lint.hpp"

#include "beta/acl/rule.hpp"

#include "call_text.hpp"
#include "ranks.hpp"

#include <algorithm>
#include <tuple>

namespace beta::proof {
namespace {

using acl::Rule;
using acl::Verdict;

std::string place(const Rule& rule) {
    return rule.name + " (line " + std::to_string(rule.line) + ')';
}

std::string listed(const std::set<const Rule*>& rules) {
    std::vector<const Rule*> sorted(rules.begin(), rules.end());
    std::ranges::sort(sorted, {}, &Rule::id);
    constexpr std::size_t most = 4;
    std::string out;
    for (std::size_t i = 0; i < std::min(most, sorted.size()); ++i)
        out += (i == 0 ? "" : ", ") + place(*sorted[i]);
    return sorted.size() <= most ? out
                                 : out + " and " + std::to_string(sorted.size() - most) + " more";
}

class Linter {
  public:
    Linter(const acl::PolicyFile& file, const Names& names, model::KnownBy known_by,
           model::Diagnostics& out)
        : file_(file),
          names_(names),
          known_by_(known_by),
          ranks_(file, names, known_by),
          out_(out) {}

    void run(const Covered* covered) {
        for (const Rule& rule : file_.rules) {
            rank(rule);
            breadth(rule);
            known(rule, rule.from);
            known(rule, rule.to);
        }
        operations();
        if (covered != nullptr)
            tested(*covered);
    }

  private:
    void warn(std::uint32_t line, std::uint32_t column, std::string message, const char* code) {
        out_.push_back({.file = file_.file_name,
                        .line = line,
                        .column = column,
                        .message = std::move(message),
                        .code = std::string("LINT_") + code,
                        .severity = model::Diagnostic::Severity::warning});
    }
    void warn(const Rule& rule, const std::string& message, const char* code) {
        const std::string what = rule.prohibition                 ? ""
                                 : rule.verdict == Verdict::allow ? "allow "
                                                                  : "deny ";
        warn(rule.line, rule.column, what + rule.name + ": " + message, code);
    }

    void rank(const Rule& rule) {
        const Rank rank = ranks_.of(rule);
        if (!rank.known && !rank.decides)
            return warn(rule, "too many cases to tell whether it ever decides", "UNDECIDED");
        if (!rank.decides)
            return outranked(rule, rank);
        if (rule.verdict == Verdict::allow && rule.operations.size() > 1)
            for (const std::size_t index : rule.operations)
                operation(rule, file_.operations[index]);
    }

    void outranked(const Rule& rule, const Rank& rank) {
        const auto all = [&](auto is) { return std::ranges::all_of(rank.instead, is); };
        if (rank.instead.empty())
            return warn(rule, "no call can ever meet it: " + why_nobody(rule), "UNREACHABLE");
        const std::string who = listed(rank.instead);
        if (all([&](const Rule* one) { return one->verdict == rule.verdict; }))
            warn(rule,
                 "never decides: all that it takes in is decided by " + who +
                     "; delete it, or narrow those",
                 "SHADOWED");
        else if (all([](const Rule* one) { return one->prohibition; }))
            warn(rule, "allows nothing: all of it is prohibited by " + who, "PROHIBITED");
        else if (all([](const Rule* one) { return one->verdict == Verdict::deny; }))
            warn(rule, "allows nothing: all of it is denied by " + who, "DENIED");
        else
            warn(rule, "never decides: all that it takes in is decided by " + who, "UNREACHABLE");
    }

    std::string why_nobody(const Rule& rule) const {
        const bool names_callers = known_by_ == model::KnownBy::listener &&
                                   rule.verdict == Verdict::allow && !rule.from.services.empty();
        return std::string(names_callers ? "it names services of callers, whose plane is all that "
                                           "ingress knows under identity: listener, or "
                                         : "") +
               "the directory has none of its names, or it waits for CONNECT without being about "
               "tunnels";
    }

    /// One of several operations of an allow may be empty while the others are not.
    void operation(const Rule& rule, const acl::Operation& operation) {
        const Rank rank = ranks_.of(rule, operation);
        if (rank.decides || !rank.known || rank.instead.empty())
            return;
        const bool prohibited =
            std::ranges::all_of(rank.instead, [](const Rule* one) { return one->prohibition; });
        warn(rule,
             "its operation " + operation.name + " allows nothing: all of it is " +
                 (prohibited ? "prohibited by " : "denied by ") + listed(rank.instead),
             prohibited ? "PROHIBITED" : "DENIED");
    }

    void breadth(const Rule& rule) {
        const bool every_path =
            rule.paths.empty() || std::ranges::any_of(rule.paths, [](const auto& path) {
                return path.deep() && path.segments().empty();
            });
        const bool everything = rule.operations.empty() && rule.methods.empty() && every_path;
        const bool across = rule.from.any_plane || rule.to.any_plane ||
                            (rule.to.external.empty() && rule.from.plane != rule.to.plane);
        if (rule.verdict == Verdict::allow && !rule.tunnel && everything && across)
            warn(rule,
                 "allows every method on every path between planes; name the operations, or "
                 "methods and paths, that are meant",
                 "BROAD");
    }

    void known(const Rule& rule, const acl::Party& party) {
        if (!names_.known)
            return;
        for (const std::string& service : party.services) {
            const auto found = names_.services.find(service);
            if (found == names_.services.end())
                warn(rule, "the directory has no service " + service, "UNKNOWN_NAME");
            else if (!party.has_plane(found->second))
                warn(rule,
                     "the directory has " + service + " on plane " + found->second + ", not " +
                         party.plane,
                     "UNKNOWN_NAME");
        }
        for (const std::string& host : party.external)
            if (std::ranges::find(names_.external, host) == names_.external.end())
                warn(rule, "the directory has no external host " + host, "UNKNOWN_NAME");
    }

    void operations() {
        std::set<std::size_t> used;
        for (const Rule& rule : file_.rules)
            used.insert(rule.operations.begin(), rule.operations.end());
        for (std::size_t i = 0; i < file_.operations.size(); ++i)
            if (!used.contains(i))
                warn(file_.operations[i].line, 1,
                     "operation " + file_.operations[i].name +
                         ": no rule and no prohibition names it",
                     "UNUSED");
    }

    void tested(const Covered& covered) {
        const auto met = covered.find(file_.plane);
        if (met == covered.end())
            return warn(1, 1, "no table of tests stands beside this policy", "UNTESTED");
        for (const Rule& rule : file_.rules)
            if (!met->second.contains(rule.id))
                warn(rule, "no case of the table beside the file is decided by it", "UNTESTED");
    }

    const acl::PolicyFile& file_;
    const Names& names_;
    model::KnownBy known_by_;
    Ranks ranks_;
    model::Diagnostics& out_;
};

}  // namespace

model::Diagnostics lint(const Policies& policies, const Names& names, const Covered* covered,
                        model::KnownBy known_by) {
    model::Diagnostics out;
    for (const auto& policy : policies) {
        model::Diagnostics of_file;
        Linter(policy->file(), names, known_by, of_file).run(covered);
        std::ranges::sort(of_file, {}, [](const model::Diagnostic& one) {
            return std::tie(one.line, one.code, one.message);
        });
        std::ranges::move(of_file, std::back_inserter(out));
    }
    return out;
}

std::string to_json(const model::Diagnostics& findings) {
    std::string list;
    for (const auto& finding : findings)
        list += (list.empty() ? "{" : ",{") + json_field("file", finding.file) +
                ",\"line\":" + std::to_string(finding.line) + ',' +
                json_field("code", finding.code) + ',' + json_field("message", finding.message) +
                '}';
    return '[' + list + ']';
}

}  // namespace beta::proof
