// Explanation: why a call is allowed or denied by the files of both sides, and what each rule that
// did not decide it lacked.
#pragma once

#include "beta/acl/decision.hpp"
#include "beta/acl/policy.hpp"
#include "beta/acl/rule.hpp"
#include "beta/model/known_by.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace beta::acl {

struct Question {
    std::string from_plane = {};
    std::string from_service = {};
    std::string to_plane = {};
    std::string to_service = {};
    std::string method = "GET";
    std::string path = "/";
    /// How the callee knows its caller.
    model::KnownBy known_by = model::KnownBy::certificate;
    /// `to_service` is the name of a host outside, and `to_plane` is empty: only egress is asked.
    bool external = false;
    struct Header {
        std::string name;
        std::string value;
    };
    std::vector<Header> headers = {};

    /// CONNECT asks for a tunnel; it has no path.
    bool tunnel() const noexcept { return method == "CONNECT"; }
};

/// A rule that did not decide. Without lacks it matches, but a deny, or a rule before it, decided.
struct Candidate {
    std::uint32_t rule_id = 0;
    std::string rule;
    Verdict verdict = Verdict::deny;
    std::uint32_t line = 0;
    bool reported = false;           // in mode report, by itself or by its file
    std::vector<std::string> lacks;  // one sentence for each part that does not fit
};

/// What one file says.
struct SideExplanation {
    Direction direction = Direction::egress;
    std::string file;
    std::string plane;
    Verdict verdict = Verdict::deny;
    std::uint32_t rule_id = 0;
    std::string rule;
    std::string reason;
    std::uint32_t line = 0;         // of the rule; 0 for default-deny
    bool enforced = true;           // false: a denial that mode report lets pass
    std::string would_allow;        // an allow in mode report that would have allowed it
    std::string limit;              // in words, where a request still has to pass one
    std::vector<Candidate> others;  // the nearest to a match first
    std::size_t left_out = 0;       // others beyond the most that were asked for

    bool passes() const noexcept { return verdict == Verdict::allow || !enforced; }
};

struct Explanation {
    Question question;
    std::vector<SideExplanation> sides;  // egress, ingress: those whose file was given

    /// What happens to the request: it passes every side, and there is one.
    Verdict verdict() const noexcept;
};

/// "100/min, burst 20, per source".
std::string to_text(const Limit& limit);

/// Asks the caller's file about egress and the callee's about ingress, with the engine that serves
/// traffic. Either may be nullptr: then only the other is asked.
Explanation explain(const Policy* egress, const Policy* ingress, const Question& question,
                    std::size_t most_others = 10);

/// For a terminal; ends in a newline.
std::string to_text(const Explanation& explanation);
/// One object in one line, without a newline. Always valid JSON, whatever the bytes asked about.
std::string to_json(const Explanation& explanation);

}  // namespace beta::acl
